use axum::extract::State;
use domain::{
    api::Envelope,
    rating::{CreateRating, OwnRating},
};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody},
    state::AppState,
};

/// Rates one side of a product, once: a second rating, even after the first was taken back, is answered with 400 `already rated`.
#[utoipa::path(post, path = "/rating", tag = "ratings", request_body = CreateRating,
    responses((status = 200, description = "Your rating", body = Envelope<OwnRating>), Failures, BodyFailures))]
pub async fn create_rating(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    JsonBody(body): JsonBody<CreateRating>,
) -> Result<Answer<OwnRating>, ApiError> {
    Ok(Answer::item("success", state.services.ratings().create(&caller, &body).await?))
}
