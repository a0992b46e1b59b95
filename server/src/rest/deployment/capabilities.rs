use axum::extract::State;
use domain::api::{Capabilities, Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// The commands that the agent of a deployment understands.
#[utoipa::path(get, path = "/api/v1/deployments/{deployment_hash}/capabilities", tag = "deployments",
    params(("deployment_hash" = String, Path)),
    responses((status = 200, description = "The agent, and the commands to offer", body = Envelope<Capabilities>), Failures))]
pub async fn get_capabilities(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(hash): PathPart<String>,
) -> Result<Answer<Capabilities>, ApiError> {
    let capabilities = state.services.deployments().capabilities(&caller, &hash).await?;
    Ok(Answer::item("Capabilities fetched successfully", capabilities))
}
