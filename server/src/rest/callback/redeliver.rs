use axum::extract::State;
use domain::{api::Envelope, callback::StartedDelivery};
use uuid::Uuid;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// Sends a delivery again, with the same id and body.
#[utoipa::path(post, path = "/api/v1/callbacks/{id}/deliveries/{delivery_id}/redeliver", tag = "callbacks",
    params(("id" = Uuid, Path), ("delivery_id" = Uuid, Path)),
    responses((status = 200, description = "The id of the delivery", body = Envelope<StartedDelivery>), Failures))]
pub async fn redeliver_callback(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart((id, delivery_id)): PathPart<(Uuid, Uuid)>,
) -> Result<Answer<StartedDelivery>, ApiError> {
    state.services.callbacks().redeliver(&caller, id, delivery_id).await?;
    Ok(Answer::item("OK", StartedDelivery { delivery_id }))
}
