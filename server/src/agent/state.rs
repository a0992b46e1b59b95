use axum::extract::State;
use domain::{api::Envelope, deploy::HostState};
use serde_json::Value;

use crate::{
    auth::AgentRequest,
    http::{Answer, ApiError, BodyFailures, Failures},
    state::AppState,
};

/// State of a host and its stacks, as our agent sees it: everything, each time something has changed.
#[utoipa::path(post, path = "/api/v1/agent/state", tag = "agents", request_body = Object,
    responses((status = 200, description = "Stored", body = Envelope<Value>), Failures, BodyFailures))]
pub async fn report_host_state(
    State(state): State<AppState>,
    request: AgentRequest,
) -> Result<Answer<Value>, ApiError> {
    state.rates.said(request.agent.id)?;
    let seen: HostState = request.json()?;
    state.services.agents().host_state(&request.agent, seen).await?;
    Ok(Answer::message("OK"))
}
