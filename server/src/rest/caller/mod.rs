//! `/api/auth`: the caller and their permissions.

mod who_is_asking;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(who_is_asking::who_is_asking))
}
