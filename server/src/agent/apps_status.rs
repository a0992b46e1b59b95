use axum::extract::State;
use domain::api::{AppStatus, Envelope};
use serde_json::Value;

use crate::{
    auth::AgentRequest,
    http::{Answer, ApiError, BodyFailures, Failures},
    state::AppState,
};

/// State of an app, as third-party agents report it after a command.
#[utoipa::path(post, path = "/api/v1/apps/status", tag = "agents", request_body = AppStatus,
    responses((status = 200, description = "Stored", body = Envelope<Value>), Failures, BodyFailures))]
pub async fn report_app_status(
    State(state): State<AppState>,
    request: AgentRequest,
) -> Result<Answer<Value>, ApiError> {
    state.rates.said(request.agent.id)?;
    let status: AppStatus = request.json()?;
    state.services.agents().app_status(&request.agent, &status).await?;
    Ok(Answer::message("OK"))
}
