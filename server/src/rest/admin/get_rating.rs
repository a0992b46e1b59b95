use axum::extract::State;
use domain::{api::Envelope, rating::AnyRating};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// A rating of any user, with the reports that nobody has decided about yet.
#[utoipa::path(get, path = "/admin/rating/{id}", tag = "administration", params(("id" = i32, Path)),
    responses((status = 200, description = "The rating", body = Envelope<AnyRating>), Failures))]
pub async fn get_any_rating(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<AnyRating>, ApiError> {
    Ok(Answer::item("OK", state.services.ratings().get_any(&caller, id).await?))
}
