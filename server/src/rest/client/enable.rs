use axum::extract::State;
use domain::api::{ApiClient, Envelope};
use stacker::services::Whose;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// Enables one of your API clients, with a new secret, which is shown only once.
#[utoipa::path(put, path = "/client/{id}/enable", tag = "access", params(("id" = i32, Path)),
    responses((status = 200, description = "The client", body = Envelope<ApiClient>), Failures))]
pub async fn enable_client(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<ApiClient>, ApiError> {
    let client = state.services.clients().enable(&caller, Whose::Own, id).await?;
    Ok(Answer::item("success", client))
}
