//! `/project`: a caller's own projects.

mod apply_edits;
mod compose;
mod create;
mod delete;
mod get;
mod get_env;
mod import;
mod list;
mod replace_compose;
mod set_env;
mod update;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_projects, create::create_project))
        .routes(routes!(import::import_project))
        .routes(routes!(get::get_project, update::update_project, delete::delete_project))
        .routes(routes!(compose::get_compose, replace_compose::replace_compose))
        .routes(routes!(apply_edits::apply_edits))
        .routes(routes!(get_env::get_env, set_env::set_env))
}
