//! `/registry`: credentials for private images.

mod create;
mod delete;
mod list;
mod update;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_registries, create::create_registry))
        .routes(routes!(update::update_registry, delete::delete_registry))
}
