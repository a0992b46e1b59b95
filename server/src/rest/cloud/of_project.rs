use axum::extract::State;
use domain::{api::Envelope, cloud::OfferedCloud};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// The clouds that you can deploy a project with: your own, or those that its owner has shared with it.
#[utoipa::path(get, path = "/project/{id}/clouds", tag = "clouds", params(("id" = i32, Path)),
    responses((status = 200, description = "`list`", body = Envelope<OfferedCloud>), Failures))]
pub async fn clouds_of_project(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<OfferedCloud>, ApiError> {
    Ok(Answer::list("OK", state.services.clouds().offered(&caller, id).await?))
}
