use axum::extract::State;
use domain::api::{ApiClient, Envelope};
use stacker::services::Whose;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// Disables one of your API clients, until it is enabled again.
#[utoipa::path(put, path = "/client/{id}/disable", tag = "access", params(("id" = i32, Path)),
    responses((status = 200, description = "The client", body = Envelope<ApiClient>), Failures))]
pub async fn disable_client(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<ApiClient>, ApiError> {
    let client = state.services.clients().disable(&caller, Whose::Own, id).await?;
    Ok(Answer::item("success", client))
}
