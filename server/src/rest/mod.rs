//! The REST API: one folder per resource, one file per endpoint.
//!
//! To add an endpoint, write a file with the handler and its `#[utoipa::path]`, and add one line to the resource's `routes()`.
//! A handler takes the caller ([`crate::auth::Authenticated`]), calls one use case, and returns the envelope
//! ([`crate::http::Answer`]). The OpenAPI document is built from the handlers; review the change to its snapshot
//! (`cargo insta review`). [`crate::routes`] puts the layers around the groups below.

mod admin;
mod agreement;
mod audit;
mod callback;
mod caller;
mod check;
mod client;
mod cloud;
mod command;
mod deployment;
mod health;
mod host;
mod image;
mod policy;
mod project;
mod rating;
mod registry;
mod server;
mod sharing;
mod token;

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// Routes whose body holds a compose file or a whole form.
pub fn with_compose() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().merge(project::routes()).merge(check::routes()).merge(deployment::deploy_routes())
}

/// Routes whose body is small, or that have none.
pub fn small() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(admin::routes())
        .merge(agreement::routes())
        .merge(rating::routes())
        .merge(audit::routes())
        .merge(callback::routes())
        .merge(caller::routes())
        .merge(client::routes())
        .merge(cloud::routes())
        .merge(server::routes())
        .merge(image::routes())
        .merge(registry::routes())
        .merge(token::routes())
        .merge(health::routes())
        .merge(policy::routes())
        .merge(deployment::routes())
        .merge(host::routes())
        .merge(sharing::routes())
}

/// Routes whose body holds a text for people to read.
pub fn texts() -> OpenApiRouter<AppState> {
    admin::text_routes()
}

/// Commands, whose parameters can be as large as a report.
pub fn commands() -> OpenApiRouter<AppState> {
    command::routes()
}

/// Requests that wait for a change, without the time limit of the others.
pub fn held() -> OpenApiRouter<AppState> {
    command::held_routes().merge(deployment::held_routes())
}

/// Routes with a token of their own, which is no credential elsewhere.
pub fn open() -> OpenApiRouter<AppState> {
    deployment::open_routes()
}
