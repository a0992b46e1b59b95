use std::collections::BTreeMap;

use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use stacker::services::{ComponentHealth, HealthStatus};

use crate::{auth::MaybeAuthenticated, state::AppState};

#[derive(Serialize, utoipa::ToSchema)]
pub struct HealthAnswer {
    /// `healthy`, `degraded` (slow) or `unhealthy`.
    #[schema(value_type = String, example = "healthy")]
    status: HealthStatus,
    version: &'static str,
    /// Of operators only: each component with its state.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    components: Option<BTreeMap<&'static str, ComponentHealth>>,
}

/// Whether the server is healthy.
#[utoipa::path(get, path = "/health_check", tag = "health", security(()),
    responses((status = 200, description = "Healthy", body = HealthAnswer), (status = 503, description = "Unhealthy", body = HealthAnswer)))]
pub async fn health_check(
    State(state): State<AppState>,
    MaybeAuthenticated(caller): MaybeAuthenticated,
) -> (StatusCode, Json<HealthAnswer>) {
    let health = state.services.health();
    let report = health.check().await;
    let components = match caller {
        Some(caller) => health.details(&caller).await.ok(),
        None => None,
    };
    let works = report.status != HealthStatus::Unhealthy;
    let status = if works { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(HealthAnswer { status: report.status, version: report.version, components }))
}
