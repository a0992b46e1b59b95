//! `/api/v1/hosts`: a caller's own hosts.

mod add;
mod enrolment;
mod get;
mod list;
mod of_project;
mod rename;
mod revoke;
mod rotate_token;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_hosts, add::add_host))
        .routes(routes!(get::get_host, rename::rename_host, revoke::revoke_host))
        .routes(routes!(of_project::hosts_of_project))
        .routes(routes!(enrolment::enrol_host))
        .routes(routes!(rotate_token::rotate_token))
}
