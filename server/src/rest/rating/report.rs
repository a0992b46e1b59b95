use axum::extract::State;
use domain::{
    api::Envelope,
    rating::{OwnRating, ReportRating},
};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, OptionalJsonBody, PathId},
    state::AppState,
};

/// Asks administrators to look at a rating. Another report of yours replaces the reason; nothing is reported again after they
/// decided, unless the rating was changed since.
#[utoipa::path(post, path = "/rating/{id}/report", tag = "ratings", params(("id" = i32, Path)), request_body = ReportRating,
    responses((status = 200, description = "Reported", body = Envelope<OwnRating>), Failures, BodyFailures))]
pub async fn report_rating(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    OptionalJsonBody(body): OptionalJsonBody<ReportRating>,
) -> Result<Answer<OwnRating>, ApiError> {
    state.services.ratings().report(&caller, id, &body).await?;
    Ok(Answer::message("success"))
}
