use axum::extract::State;
use domain::{
    api::Envelope,
    callback::{CallbackSubscription, UpdateCallback},
};
use uuid::Uuid;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody, PathPart},
    state::AppState,
};

/// Changes the address or the events of a callback, enables or disables it; what is absent stays as it is. A callback that is
/// enabled for the first time gets its secret, which is in the answer.
#[utoipa::path(put, path = "/api/v1/callbacks/{id}", tag = "callbacks", params(("id" = Uuid, Path)), request_body = UpdateCallback,
    responses((status = 200, description = "The callback", body = Envelope<CallbackSubscription>), Failures, BodyFailures))]
pub async fn update_callback(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(id): PathPart<Uuid>,
    JsonBody(body): JsonBody<UpdateCallback>,
) -> Result<Answer<CallbackSubscription>, ApiError> {
    Ok(Answer::item("OK", state.services.callbacks().update(&caller, id, &body).await?))
}
