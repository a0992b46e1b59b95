use axum::extract::State;
use domain::{api::Envelope, callback::CallbackSubscription};
use uuid::Uuid;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// One of your callbacks, without its secret.
#[utoipa::path(get, path = "/api/v1/callbacks/{id}", tag = "callbacks", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The callback", body = Envelope<CallbackSubscription>), Failures))]
pub async fn get_callback(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(id): PathPart<Uuid>,
) -> Result<Answer<CallbackSubscription>, ApiError> {
    Ok(Answer::item("OK", state.services.callbacks().get(&caller, id).await?))
}
