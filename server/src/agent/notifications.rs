use axum::http::StatusCode;

use crate::{
    auth::AgentRequest,
    http::{ApiError, Failures},
};

/// Notices for the person at the host. This server has none, because it shows everything about a deployment on its page. It
/// answers with the empty list that agents expect.
#[utoipa::path(get, path = "/api/v1/agent/notifications", tag = "agents",
    responses((status = 204, description = "An empty list"), Failures))]
pub async fn list_notifications(_agent: AgentRequest) -> Result<StatusCode, ApiError> {
    Ok(StatusCode::NO_CONTENT)
}
