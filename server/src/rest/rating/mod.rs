//! `/rating`: what users think of products. Administrators have `/admin/rating`.

mod create;
mod get;
mod hide;
mod list;
mod report;
mod summary;
mod update;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_ratings, create::create_rating))
        .routes(routes!(summary::summarize_ratings))
        .routes(routes!(get::get_rating, update::update_rating, hide::hide_rating))
        .routes(routes!(report::report_rating))
}
