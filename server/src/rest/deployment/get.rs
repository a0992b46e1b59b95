use axum::extract::State;
use domain::api::{DeploymentDetail, Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// A deployment: its state, its services, its history.
#[utoipa::path(get, path = "/api/v1/deployments/{deployment_hash}", tag = "deployments", params(("deployment_hash" = String, Path)),
    responses((status = 200, description = "The deployment", body = Envelope<DeploymentDetail>), Failures))]
pub async fn get_deployment(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(hash): PathPart<String>,
) -> Result<Answer<DeploymentDetail>, ApiError> {
    Ok(Answer::item("OK", state.services.deployments().get(&caller, &hash).await?))
}
