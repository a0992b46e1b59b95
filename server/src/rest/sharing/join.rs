use axum::extract::State;
use domain::api::{Envelope, ErrorBody, JoinProject, Joined};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody},
    state::AppState,
};

/// Joins a project with the code of an invitation, which can be used once.
#[utoipa::path(post, path = "/project/join", tag = "sharing", request_body = JoinProject,
    responses((status = 200, description = "The project, and your role in it", body = Envelope<Joined>),
        (status = 409, description = "You own this project", body = ErrorBody), Failures, BodyFailures))]
pub async fn join_project(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    JsonBody(JoinProject { code }): JsonBody<JoinProject>,
) -> Result<Answer<Joined>, ApiError> {
    Ok(Answer::item("OK", state.services.projects().join(&caller, &code).await?))
}
