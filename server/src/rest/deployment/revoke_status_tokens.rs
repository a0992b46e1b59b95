use axum::extract::State;
use domain::api::{Envelope, StatusToken};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// Revokes all status tokens that you have made for this deployment. Streams that use them end at once.
#[utoipa::path(delete, path = "/api/v1/deployments/{deployment_hash}/status-token", tag = "deployments",
    params(("deployment_hash" = String, Path)),
    responses((status = 200, description = "Revoked", body = Envelope<StatusToken>), Failures))]
pub async fn revoke_status_tokens(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(hash): PathPart<String>,
) -> Result<Answer<StatusToken>, ApiError> {
    state.services.deployments().revoke_status_tokens(&caller, &hash).await?;
    Ok(Answer::message("Revoked"))
}
