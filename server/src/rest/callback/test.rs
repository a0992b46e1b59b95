use axum::extract::State;
use domain::{api::Envelope, callback::StartedDelivery};
use uuid::Uuid;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// Sends the event `callback.test` to an enabled callback. Its log shows the answer.
#[utoipa::path(post, path = "/api/v1/callbacks/{id}/test", tag = "callbacks", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The id of the delivery", body = Envelope<StartedDelivery>), Failures))]
pub async fn test_callback(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(id): PathPart<Uuid>,
) -> Result<Answer<StartedDelivery>, ApiError> {
    let delivery_id = state.services.callbacks().test(&caller, id).await?;
    Ok(Answer::item("OK", StartedDelivery { delivery_id }))
}
