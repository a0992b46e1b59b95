use axum::extract::State;
use domain::{api::Envelope, rating::OwnRating};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// Takes your rating back: it is hidden and no longer counts. You cannot rate this again.
#[utoipa::path(delete, path = "/rating/{id}", tag = "ratings", params(("id" = i32, Path)),
    responses((status = 200, description = "Hidden", body = Envelope<OwnRating>), Failures))]
pub async fn hide_rating(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<OwnRating>, ApiError> {
    state.services.ratings().hide(&caller, id).await?;
    Ok(Answer::message("success"))
}
