//! `/cloud`: credentials with which the install service creates machines.

mod check;
mod create;
mod delete;
mod get;
mod list;
mod of_project;
mod offers;
mod share;
mod update;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_clouds, create::create_cloud))
        .routes(routes!(get::get_cloud, update::update_cloud, delete::delete_cloud))
        .routes(routes!(check::check_cloud))
        .routes(routes!(share::share_cloud))
        .routes(routes!(of_project::clouds_of_project))
        .routes(routes!(offers::cloud_offers))
}
