//! `/admin/project`: projects of anybody, for administrators.

mod compose_of_any;
mod list_of_user;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_of_user::list_projects_of_user))
        .routes(routes!(compose_of_any::get_any_compose))
}
