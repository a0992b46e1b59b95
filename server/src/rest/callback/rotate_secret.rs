use axum::extract::State;
use domain::{api::Envelope, callback::CallbackSubscription};
use uuid::Uuid;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// Replaces the secret of a callback. The answer contains the new one, which is shown only once. For 24 hours both secrets sign.
#[utoipa::path(post, path = "/api/v1/callbacks/{id}/rotate-secret", tag = "callbacks", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The callback with its new secret", body = Envelope<CallbackSubscription>), Failures))]
pub async fn rotate_callback_secret(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(id): PathPart<Uuid>,
) -> Result<Answer<CallbackSubscription>, ApiError> {
    Ok(Answer::item("OK", state.services.callbacks().rotate_secret(&caller, id).await?))
}
