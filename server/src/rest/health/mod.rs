//! `/health_check`: for anybody whether the server works, for operators the details. Nothing is called out for.

mod health_check;
mod metrics;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(health_check::health_check)).routes(routes!(metrics::health_metrics))
}
