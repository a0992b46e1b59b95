use axum::extract::State;
use domain::api::{Envelope, ErrorBody, RemoveDeployment, StartedCommand};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, OptionalJsonBody, PathPart},
    state::AppState,
};

/// Removes a stack from its host. Named volumes stay, except those that the body names. Without `item` in the answer, it was
/// removed at once, because no Stacker agent ever had it.
#[utoipa::path(delete, path = "/api/v1/deployments/{deployment_hash}", tag = "deployments",
    params(("deployment_hash" = String, Path)), request_body(content = Option<RemoveDeployment>),
    responses((status = 200, description = "The command that removes it", body = Envelope<StartedCommand>),
        (status = 409, description = "It has ended, or a command is running on it", body = ErrorBody), Failures, BodyFailures))]
pub async fn remove_deployment(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(hash): PathPart<String>,
    OptionalJsonBody(request): OptionalJsonBody<RemoveDeployment>,
) -> Result<Answer<StartedCommand>, ApiError> {
    let started = state.services.deployments().remove(&caller, &hash, request).await?;
    Ok(started.map_or_else(|| Answer::message("Removed"), |started| Answer::item("Removing", started)))
}
