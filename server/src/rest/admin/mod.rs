//! `/admin`: projects, API clients, ratings and agreements of all users, for administrators.

mod agreement_acceptances;
mod agreement_versions;
mod compose_of_any;
mod create_agreement;
mod delete_rating;
mod disable_any_client;
mod enable_any_client;
mod get_agreement;
mod get_rating;
mod list_of_user;
mod list_ratings;
mod moderate_rating;
mod rotate_any_client;
mod update_agreement;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_of_user::list_projects_of_user))
        .routes(routes!(compose_of_any::get_any_compose))
        .routes(routes!(rotate_any_client::rotate_any_client))
        .routes(routes!(enable_any_client::enable_any_client))
        .routes(routes!(disable_any_client::disable_any_client))
        .routes(routes!(list_ratings::list_any_ratings))
        .routes(routes!(
            get_rating::get_any_rating,
            moderate_rating::moderate_rating,
            delete_rating::delete_any_rating
        ))
        .routes(routes!(agreement_acceptances::list_acceptances))
        .routes(routes!(agreement_versions::list_agreement_versions))
}

/// Routes whose body holds the text of an agreement.
pub fn text_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(create_agreement::create_agreement))
        .routes(routes!(get_agreement::get_any_agreement, update_agreement::update_agreement))
}
