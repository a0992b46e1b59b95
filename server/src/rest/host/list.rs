use axum::extract::State;
use domain::api::{Envelope, Host};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures},
    state::AppState,
};

/// Your hosts: the machine of the server first, then in the order in which they were added; up to 100.
#[utoipa::path(get, path = "/api/v1/hosts", tag = "hosts",
    responses((status = 200, description = "`list`", body = Envelope<Host>), Failures))]
pub async fn list_hosts(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
) -> Result<Answer<Host>, ApiError> {
    Ok(Answer::list("OK", state.services.hosts().list(&caller).await?))
}
