use axum::{extract::State, http::StatusCode};
use domain::api::{Envelope, GiveRole, Invitation};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody, PathId},
    state::AppState,
};

/// Creates a code with which one person can join one of your projects within a week. It is shown only once.
#[utoipa::path(post, path = "/project/{id}/invitations", tag = "sharing", params(("id" = i32, Path)), request_body = GiveRole,
    responses((status = 201, description = "The invitation, with its code", body = Envelope<Invitation>), Failures, BodyFailures))]
pub async fn invite(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    JsonBody(GiveRole { role }): JsonBody<GiveRole>,
) -> Result<(StatusCode, Answer<Invitation>), ApiError> {
    let invitation = state.services.projects().invite(&caller, id, role).await?;
    Ok((StatusCode::CREATED, Answer::item("OK", invitation)))
}
