use axum::extract::State;
use domain::{api::Envelope, callback::CallbackDelivery};
use serde::{Deserialize, Serialize};
use stacker::services::DeliveryPart;
use uuid::Uuid;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart, QueryOf},
    state::AppState,
};

#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeliveryQuery {
    /// How many: up to 200, 50 by default.
    #[param(minimum = 1)]
    limit: Option<u32>,
    /// Deliveries older than the one with this number: `meta.next` of the previous page.
    after: Option<i64>,
}

/// Present only if there is a next page.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct DeliveryMeta {
    /// Send it as `after`.
    pub next: i64,
}

/// What was sent to a callback within the last seven days, and what waits, newest first.
#[utoipa::path(get, path = "/api/v1/callbacks/{id}/deliveries", tag = "callbacks", params(("id" = Uuid, Path), DeliveryQuery),
    responses((status = 200, description = "`list`, and `meta.next` when there are more", body = Envelope<CallbackDelivery, DeliveryMeta>), Failures))]
pub async fn list_callback_deliveries(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(id): PathPart<Uuid>,
    QueryOf(query): QueryOf<DeliveryQuery>,
) -> Result<Answer<CallbackDelivery, DeliveryMeta>, ApiError> {
    let part = DeliveryPart { limit: query.limit, after: query.after };
    let read = state.services.callbacks().deliveries(&caller, id, part).await?;
    Ok(Answer::list("OK", read.items).meta(read.next.map(|next| DeliveryMeta { next })))
}
