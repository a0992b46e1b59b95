use axum::extract::State;
use domain::{api::Envelope, cloud::CloudItem};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// One of your clouds. Its secrets are masked.
#[utoipa::path(get, path = "/cloud/{id}", tag = "clouds", params(("id" = i32, Path)),
    responses((status = 200, description = "The cloud", body = Envelope<CloudItem>), Failures))]
pub async fn get_cloud(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<CloudItem>, ApiError> {
    Ok(Answer::item("OK", state.services.clouds().get(&caller, id).await?))
}
