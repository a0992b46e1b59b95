//! `/api/v1/commands`: commands for the agents of a caller's own deployments.

mod cancel;
mod create;
mod enqueue;
mod get;
mod list;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(create::create_command))
        .routes(routes!(enqueue::enqueue_command))
        .routes(routes!(get::get_command))
        .routes(routes!(cancel::cancel_command))
}

/// Held until something changes, without the time limit of other requests.
pub fn held_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list::list_commands))
}
