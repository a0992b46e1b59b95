use axum::http::StatusCode;

use crate::{
    auth::AgentRequest,
    http::{ApiError, Failures},
};

/// Notices for the person at the host. This server has none of its own: whatever concerns a deployment is shown where it is
/// watched, so agents are told that there is nothing, in the way they know.
#[utoipa::path(get, path = "/api/v1/agent/notifications", tag = "agents",
    responses((status = 204, description = "There are none"), Failures))]
pub async fn list_notifications(_agent: AgentRequest) -> Result<StatusCode, ApiError> {
    Ok(StatusCode::NO_CONTENT)
}
