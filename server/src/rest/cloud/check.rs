use axum::extract::State;
use domain::{api::Envelope, cloud::KeyCheck};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// Asks the provider whether the stored key is valid. The request changes nothing there.
#[utoipa::path(post, path = "/cloud/{id}/check", tag = "clouds", params(("id" = i32, Path)),
    responses((status = 200, description = "What the provider says", body = Envelope<KeyCheck>), Failures))]
pub async fn check_cloud(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<KeyCheck>, ApiError> {
    Ok(Answer::item("OK", state.services.clouds().check(&caller, id).await?))
}
