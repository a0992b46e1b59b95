//! `/api/v1/audit`: who did what. Administrators see everything; others see their own actions and actions on what they own.

mod export;
mod list;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list::list_audit)).routes(routes!(export::export_audit))
}
