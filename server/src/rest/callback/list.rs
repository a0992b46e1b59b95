use axum::extract::State;
use domain::{api::Envelope, callback::CallbackSubscription};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures},
    state::AppState,
};

/// Your callbacks, oldest first. Their number has a limit, so the list has no pages.
#[utoipa::path(get, path = "/api/v1/callbacks", tag = "callbacks",
    responses((status = 200, description = "`list`", body = Envelope<CallbackSubscription>), Failures))]
pub async fn list_callbacks(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
) -> Result<Answer<CallbackSubscription>, ApiError> {
    Ok(Answer::list("OK", state.services.callbacks().list(&caller).await?))
}
