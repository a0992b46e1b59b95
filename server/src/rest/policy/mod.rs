//! `/api/v1/policy`: what the casbin rules decide, and why. For administrators.

mod decide;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(decide::decide_policy))
}
