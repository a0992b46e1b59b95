use axum::extract::State;
use domain::{
    api::Envelope,
    rating::{OwnRating, UpdateRating},
};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody, PathId},
    state::AppState,
};

/// Changes your rating, unless it is hidden.
#[utoipa::path(put, path = "/rating/{id}", tag = "ratings", params(("id" = i32, Path)), request_body = UpdateRating,
    responses((status = 200, description = "Your rating", body = Envelope<OwnRating>), Failures, BodyFailures))]
pub async fn update_rating(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    JsonBody(body): JsonBody<UpdateRating>,
) -> Result<Answer<OwnRating>, ApiError> {
    Ok(Answer::item("success", state.services.ratings().update(&caller, id, body).await?))
}
