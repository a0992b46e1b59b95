//! `/server`: machines that the install service creates or uses. A machine with our agent is under `/api/v1/hosts`.

mod delete;
mod get;
mod list;
mod update;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list::list_servers)).routes(routes!(
        get::get_server,
        update::update_server,
        delete::delete_server
    ))
}
