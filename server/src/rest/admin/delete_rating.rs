use axum::extract::State;
use domain::{api::Envelope, rating::AnyRating};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// Deletes a rating of any user for good. Its author may rate again; hide it to prevent that.
#[utoipa::path(delete, path = "/admin/rating/{id}", tag = "administration", params(("id" = i32, Path)),
    responses((status = 200, description = "Deleted", body = Envelope<AnyRating>), Failures))]
pub async fn delete_any_rating(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<AnyRating>, ApiError> {
    state.services.ratings().delete_any(&caller, id).await?;
    Ok(Answer::message("success"))
}
