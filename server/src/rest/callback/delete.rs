use axum::extract::State;
use domain::{api::Envelope, callback::CallbackSubscription};
use uuid::Uuid;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Confirmation, Failures, PathPart, QueryOf},
    state::AppState,
};

/// Deletes a callback with everything that waits for it. `confirm_name` is the host of its address.
#[utoipa::path(delete, path = "/api/v1/callbacks/{id}", tag = "callbacks", params(("id" = Uuid, Path), Confirmation),
    responses((status = 200, description = "Deleted", body = Envelope<CallbackSubscription>), Failures))]
pub async fn delete_callback(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(id): PathPart<Uuid>,
    QueryOf(Confirmation { confirm_name }): QueryOf<Confirmation>,
) -> Result<Answer<CallbackSubscription>, ApiError> {
    state.services.callbacks().delete(&caller, id, confirm_name.as_deref()).await?;
    Ok(Answer::message("Deleted"))
}
