//! `/api/v1/audit`: who did what. Administrators see all of it, others what they did and what was done to what is theirs.

mod export;
mod list;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list::list_audit)).routes(routes!(export::export_audit))
}
