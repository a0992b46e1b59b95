use axum::extract::State;
use domain::api::{ApiClient, Envelope};
use stacker::services::Whose;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// Disables an API client of any user, until it is enabled again.
#[utoipa::path(put, path = "/admin/client/{id}/disable", tag = "administration", params(("id" = i32, Path)),
    responses((status = 200, description = "The client", body = Envelope<ApiClient>), Failures))]
pub async fn disable_any_client(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<ApiClient>, ApiError> {
    let client = state.services.clients().disable(&caller, Whose::Anybody, id).await?;
    Ok(Answer::item("success", client))
}
