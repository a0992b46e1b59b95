//! `/agreement`: texts that users accept. Administrators have `/admin/agreement`.

mod accept;
mod accepted;
mod get;
mod list;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_agreements, accept::accept_agreement))
        .routes(routes!(get::get_agreement))
        .routes(routes!(accepted::get_acceptance))
}
