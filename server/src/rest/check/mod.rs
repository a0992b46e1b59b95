//! `/check`: the rule engine as a service. Nothing is stored.

mod check_compose;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(check_compose::check_compose))
}
