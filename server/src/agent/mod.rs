//! The routes that agents call, one file per endpoint. `docs/agents.md` describes them for authors of agents.
//!
//! A handler takes [`crate::auth::AgentRequest`], the body exactly as an authenticated agent sent it, and calls one use case.
//! Reports get 2xx in every state of their command, because third-party agents lose a report that is refused.

mod apps_status;
mod delivery;
mod leave;
mod notifications;
mod progress;
mod register;
mod report;
mod state;
mod wait;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(report::report_command))
        .routes(routes!(progress::report_progress))
        .routes(routes!(state::report_host_state))
        .routes(routes!(leave::leave_host))
        .routes(routes!(apps_status::report_app_status))
        .routes(routes!(notifications::list_notifications))
}

/// Long polls, without the time limit of other requests.
pub fn held_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(wait::wait_for_command))
}

/// Open to anonymous callers.
pub fn open_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(register::register_agent))
}
