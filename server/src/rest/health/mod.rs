//! `/health_check`: for anybody whether the server works, for operators the details. Nothing is called out for.

mod health_check;
mod metrics;

use axum::http::StatusCode;
use stacker::services::HealthError;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::ApiError;
use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(health_check::health_check)).routes(routes!(metrics::health_metrics))
}

impl From<HealthError> for ApiError {
    fn from(error: HealthError) -> Self {
        match error {
            HealthError::Forbidden => Self::new(StatusCode::FORBIDDEN, "forbidden", error.to_string()),
        }
    }
}
