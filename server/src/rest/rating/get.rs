use axum::extract::State;
use domain::{api::Envelope, rating::Rating};

use crate::{
    auth::Anybody,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// One rating that is not hidden. Open to everybody.
#[utoipa::path(get, path = "/rating/{id}", tag = "ratings", security((), ("bearer" = []), ("access_token" = []), ("client" = [], "signature" = [])), params(("id" = i32, Path)),
    responses((status = 200, description = "The rating", body = Envelope<Rating>), Failures))]
pub async fn get_rating(
    State(state): State<AppState>,
    _anybody: Anybody,
    PathId(id): PathId,
) -> Result<Answer<Rating>, ApiError> {
    Ok(Answer::item("OK", state.services.ratings().get(id).await?))
}
