//! `/admin`: projects and API clients of all users, for administrators.

mod compose_of_any;
mod disable_any_client;
mod enable_any_client;
mod list_of_user;
mod rotate_any_client;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_of_user::list_projects_of_user))
        .routes(routes!(compose_of_any::get_any_compose))
        .routes(routes!(rotate_any_client::rotate_any_client))
        .routes(routes!(enable_any_client::enable_any_client))
        .routes(routes!(disable_any_client::disable_any_client))
}
