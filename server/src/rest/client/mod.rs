//! `/client`: programs that sign their requests.

mod create;
mod create_by_alias;
mod delete;
mod disable;
mod enable;
mod get;
mod list;
mod rotate;
mod test_deploy;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_clients, create::create_client))
        .routes(routes!(create_by_alias::create_apiclient))
        .routes(routes!(get::get_client, rotate::rotate_client, delete::delete_client))
        .routes(routes!(enable::enable_client))
        .routes(routes!(disable::disable_client))
        .routes(routes!(test_deploy::test_deploy))
}
