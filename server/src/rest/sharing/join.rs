use axum::extract::State;
use domain::api::{Envelope, ErrorBody, JoinProject, Joined};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody},
    state::AppState,
};

/// Uses the code of an invitation up: its project is among yours from now on.
#[utoipa::path(post, path = "/project/join", tag = "sharing", request_body = JoinProject,
    responses((status = 200, description = "The project, and what you are in it", body = Envelope<Joined>),
        (status = 409, description = "It is your own project", body = ErrorBody), Failures, BodyFailures))]
pub async fn join_project(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    JsonBody(JoinProject { code }): JsonBody<JoinProject>,
) -> Result<Answer<Joined>, ApiError> {
    Ok(Answer::item("OK", state.services.projects().join(&caller, &code).await?))
}
