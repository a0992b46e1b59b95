use std::collections::BTreeMap;

use axum::{Json, extract::State};
use stacker::services::ComponentMetrics;

use crate::{
    auth::Authenticated,
    http::{ApiError, Failures},
    state::AppState,
};

/// Results of the health checks since the start, by component. For operators.
#[utoipa::path(get, path = "/health_check/metrics", tag = "health",
    responses((status = 200, description = "Counts and times by component", body = serde_json::Value), Failures))]
pub async fn health_metrics(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
) -> Result<Json<BTreeMap<&'static str, ComponentMetrics>>, ApiError> {
    Ok(Json(state.services.health().metrics(&caller).await?))
}
