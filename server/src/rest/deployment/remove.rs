use axum::extract::State;
use domain::api::{Envelope, ErrorBody, RemoveDeployment, StartedCommand};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, OptionalJsonBody, PathPart},
    state::AppState,
};

/// Takes a stack down. Named volumes stay on the host, except those that the body names. Without `item` it is gone at
/// once, because no agent of ours ever had it.
#[utoipa::path(delete, path = "/api/v1/deployments/{deployment_hash}", tag = "deployments",
    params(("deployment_hash" = String, Path)), request_body(content = Option<RemoveDeployment>),
    responses((status = 200, description = "The command that takes it down", body = Envelope<StartedCommand>),
        (status = 409, description = "It has ended, or a command is at work on it", body = ErrorBody), Failures, BodyFailures))]
pub async fn remove_deployment(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(hash): PathPart<String>,
    OptionalJsonBody(request): OptionalJsonBody<RemoveDeployment>,
) -> Result<Answer<StartedCommand>, ApiError> {
    let started = state.services.deployments().remove(&caller, &hash, request).await?;
    Ok(started.map_or_else(|| Answer::message("Removed"), |started| Answer::item("Removing", started)))
}
