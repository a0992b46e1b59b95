use axum::extract::State;
use domain::api::{AccessToken, Envelope};
use uuid::Uuid;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// Revokes one of your tokens immediately.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "access", params(("id" = Uuid, Path)),
    responses((status = 200, description = "Revoked", body = Envelope<AccessToken>), Failures))]
pub async fn revoke_token(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(id): PathPart<Uuid>,
) -> Result<Answer<AccessToken>, ApiError> {
    state.services.tokens().revoke(&caller, id).await?;
    Ok(Answer::message("Revoked"))
}
