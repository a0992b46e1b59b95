//! `/api/v1/callbacks`: where the server reports what happens.

mod create;
mod delete;
mod deliveries;
mod get;
mod list;
mod redeliver;
mod rotate_secret;
mod test;
mod update;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_callbacks, create::create_callback))
        .routes(routes!(get::get_callback, update::update_callback, delete::delete_callback))
        .routes(routes!(rotate_secret::rotate_callback_secret))
        .routes(routes!(test::test_callback))
        .routes(routes!(deliveries::list_callback_deliveries))
        .routes(routes!(redeliver::redeliver_callback))
}
