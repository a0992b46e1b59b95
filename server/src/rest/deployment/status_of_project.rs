use std::time::Duration;

use axum::extract::State;
use domain::api::{DeploymentSummary, Envelope};
use serde::Deserialize;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId, QueryOf},
    state::AppState,
};

const LONGEST_WAIT: u64 = 30_000;

#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WaitQuery {
    /// How long to wait for the next change, in milliseconds, up to 30000. Without it, the answer comes at once.
    #[param(maximum = 30000)]
    wait_ms: Option<u64>,
}

/// The state of a project's newest deployment. With `wait_ms`, the answer comes when it changes, or when the time is up.
#[utoipa::path(get, path = "/project/{id}/deploy/status", tag = "deployments", params(("id" = i32, Path), WaitQuery),
    responses((status = 200, description = "The deployment", body = Envelope<DeploymentSummary>), Failures))]
pub async fn get_deployment_status(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    QueryOf(WaitQuery { wait_ms }): QueryOf<WaitQuery>,
) -> Result<Answer<DeploymentSummary>, ApiError> {
    let wait = Duration::from_millis(wait_ms.unwrap_or_default().min(LONGEST_WAIT));
    Ok(Answer::item("OK", state.services.deployments().status_of_project(&caller, id, wait).await?))
}
