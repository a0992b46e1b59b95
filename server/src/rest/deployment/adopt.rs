use axum::extract::State;
use domain::api::{Envelope, ErrorBody, StartedCommand};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// Adopts changes made on the host: the project and the deployment take over the images that are running.
#[utoipa::path(post, path = "/api/v1/deployments/{deployment_hash}/drift/adopt", tag = "deployments",
    params(("deployment_hash" = String, Path)),
    responses((status = 200, description = "The command that adopts the changes", body = Envelope<StartedCommand>),
        (status = 409, description = "Nothing has drifted, or a command is running on it", body = ErrorBody),
        (status = 422, description = "Something was changed that a compose file cannot express; nothing was done", body = ErrorBody), Failures))]
pub async fn adopt_drift(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(hash): PathPart<String>,
) -> Result<Answer<StartedCommand>, ApiError> {
    Ok(Answer::item("Adopting", state.services.deployments().adopt_drift(&caller, &hash).await?))
}
