use axum::extract::State;
use domain::api::{Envelope, ErrorBody, Host};
use uuid::Uuid;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// Gives the agent of a host a new token with its next answer. The previous token works until the new one is used.
#[utoipa::path(post, path = "/api/v1/hosts/{id}/rotate-token", tag = "hosts", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The agent receives it with its next answer", body = Envelope<Host>),
        (status = 409, description = "No agent has joined yet", body = ErrorBody), Failures))]
pub async fn rotate_token(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(id): PathPart<Uuid>,
) -> Result<Answer<Host>, ApiError> {
    state.services.hosts().rotate_token(&caller, id).await?;
    Ok(Answer::message("Rotating"))
}
