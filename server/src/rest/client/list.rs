use axum::extract::State;
use domain::api::{ApiClient, Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures},
    state::AppState,
};

/// Your API clients, in the order in which they were created.
#[utoipa::path(get, path = "/client", tag = "access",
    responses((status = 200, description = "`list`", body = Envelope<ApiClient>), Failures))]
pub async fn list_clients(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
) -> Result<Answer<ApiClient>, ApiError> {
    Ok(Answer::list("OK", state.services.clients().list(&caller).await?))
}
