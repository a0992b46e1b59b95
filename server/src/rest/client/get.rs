use axum::extract::State;
use domain::api::{ApiClient, Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// One of your API clients, without its secret.
#[utoipa::path(get, path = "/client/{id}", tag = "access", params(("id" = i32, Path)),
    responses((status = 200, description = "The client", body = Envelope<ApiClient>), Failures))]
pub async fn get_client(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<ApiClient>, ApiError> {
    Ok(Answer::item("OK", state.services.clients().get(&caller, id).await?))
}
