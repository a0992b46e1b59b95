use axum::extract::State;
use domain::api::{AccessToken, Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures},
    state::AppState,
};

/// Your tokens, in the order in which they were created; up to 100.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "access",
    responses((status = 200, description = "`list`", body = Envelope<AccessToken>), Failures))]
pub async fn list_tokens(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
) -> Result<Answer<AccessToken>, ApiError> {
    Ok(Answer::list("OK", state.services.tokens().list(&caller).await?))
}
