use axum::extract::State;
use domain::api::{Envelope, ErrorBody, Sharing, TransferProject};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody, PathId},
    state::AppState,
};

/// Makes a member the owner of one of your projects; you stay in it as an editor.
#[utoipa::path(post, path = "/project/{id}/transfer", tag = "sharing", params(("id" = i32, Path)),
    request_body = TransferProject,
    responses((status = 200, description = "The members afterwards", body = Envelope<Sharing>),
        (status = 409, description = "It is deployed on your hosts", body = ErrorBody), Failures, BodyFailures))]
pub async fn transfer_project(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    JsonBody(request): JsonBody<TransferProject>,
) -> Result<Answer<Sharing>, ApiError> {
    Ok(Answer::item("OK", state.services.projects().transfer(&caller, id, request).await?))
}
