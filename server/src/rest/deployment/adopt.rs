use axum::extract::State;
use domain::api::{Envelope, ErrorBody, StartedCommand};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// Takes over what somebody changed on the host: project and deployment get the images that run.
#[utoipa::path(post, path = "/api/v1/deployments/{deployment_hash}/drift/adopt", tag = "deployments",
    params(("deployment_hash" = String, Path)),
    responses((status = 200, description = "The command that makes it so", body = Envelope<StartedCommand>),
        (status = 409, description = "Nothing has drifted, or a command is at work on it", body = ErrorBody),
        (status = 422, description = "Something was changed that a compose file cannot say; nothing was done", body = ErrorBody), Failures))]
pub async fn adopt_drift(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(hash): PathPart<String>,
) -> Result<Answer<StartedCommand>, ApiError> {
    Ok(Answer::item("Adopting", state.services.deployments().adopt_drift(&caller, &hash).await?))
}
