use axum::{extract::State, http::StatusCode};
use domain::{
    api::Envelope,
    callback::{CallbackSubscription, CreateCallback},
};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody},
    state::AppState,
};

/// Adds a callback. The answer contains the secret that signs it, which is shown only once.
#[utoipa::path(post, path = "/api/v1/callbacks", tag = "callbacks", request_body = CreateCallback,
    responses((status = 201, description = "The callback with its secret", body = Envelope<CallbackSubscription>), Failures, BodyFailures))]
pub async fn create_callback(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    JsonBody(body): JsonBody<CreateCallback>,
) -> Result<(StatusCode, Answer<CallbackSubscription>), ApiError> {
    Ok((StatusCode::CREATED, Answer::item("OK", state.services.callbacks().create(&caller, &body).await?)))
}
