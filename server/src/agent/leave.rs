use axum::extract::State;
use domain::api::{Envelope, ErrorBody, LeaveHost};
use serde_json::Value;

use crate::{
    auth::AgentRequest,
    http::{Answer, ApiError, BodyFailures, Failures},
    state::AppState,
};

/// The host of this agent no longer belongs to the server: the agent is not let in any more.
#[utoipa::path(post, path = "/api/v1/agent/leave", tag = "agents", request_body = LeaveHost,
    responses((status = 200, description = "It has left", body = Envelope<Value>),
        (status = 409, description = "A deployment is live on it", body = ErrorBody), Failures, BodyFailures))]
pub async fn leave_host(
    State(state): State<AppState>,
    request: AgentRequest,
) -> Result<Answer<Value>, ApiError> {
    state.rates.said(request.agent.id)?;
    let leave: LeaveHost = request.json()?;
    state.services.hosts().leave(&request.agent, leave, Some(request.address)).await?;
    Ok(Answer::message("Left"))
}
