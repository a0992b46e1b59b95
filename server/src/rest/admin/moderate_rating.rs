use axum::extract::State;
use domain::{
    api::Envelope,
    rating::{AnyRating, ModerateRating},
};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody, PathId},
    state::AppState,
};

/// Changes, hides or shows a rating of any user. Open reports of it are settled, whatever is decided.
#[utoipa::path(put, path = "/admin/rating/{id}", tag = "administration", params(("id" = i32, Path)), request_body = ModerateRating,
    responses((status = 200, description = "The rating", body = Envelope<AnyRating>), Failures, BodyFailures))]
pub async fn moderate_rating(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    JsonBody(body): JsonBody<ModerateRating>,
) -> Result<Answer<AnyRating>, ApiError> {
    Ok(Answer::item("success", state.services.ratings().moderate(&caller, id, body).await?))
}
