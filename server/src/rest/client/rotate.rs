use axum::extract::State;
use domain::api::{ApiClient, Envelope};
use stacker::services::Whose;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// Gives one of your API clients a new secret, which is shown only once.
#[utoipa::path(put, path = "/client/{id}", tag = "access", params(("id" = i32, Path)),
    responses((status = 200, description = "The client", body = Envelope<ApiClient>), Failures))]
pub async fn rotate_client(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<ApiClient>, ApiError> {
    let client = state.services.clients().rotate(&caller, Whose::Own, id).await?;
    Ok(Answer::item("success", client))
}
