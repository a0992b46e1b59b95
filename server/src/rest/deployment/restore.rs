use axum::extract::State;
use domain::api::{Envelope, ErrorBody, StartedCommand};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// Restores what was deployed, after changes on the host.
#[utoipa::path(post, path = "/api/v1/deployments/{deployment_hash}/drift/restore", tag = "deployments",
    params(("deployment_hash" = String, Path)),
    responses((status = 200, description = "The command that restores it", body = Envelope<StartedCommand>),
        (status = 409, description = "Nothing has drifted, or a command is running on it", body = ErrorBody), Failures))]
pub async fn restore_drift(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(hash): PathPart<String>,
) -> Result<Answer<StartedCommand>, ApiError> {
    Ok(Answer::item("Restoring", state.services.deployments().restore_drift(&caller, &hash).await?))
}
