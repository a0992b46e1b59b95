//! `/health_check`: whether the server works, and for operators the details. No external service is called for it.

mod health_check;
mod metrics;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(health_check::health_check)).routes(routes!(metrics::health_metrics))
}
