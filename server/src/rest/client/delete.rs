use axum::extract::State;
use domain::api::{ApiClient, Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Confirmation, Failures, PathId, QueryOf},
    state::AppState,
};

/// Deletes one of your API clients permanently.
#[utoipa::path(delete, path = "/client/{id}", tag = "access", params(("id" = i32, Path), Confirmation),
    responses((status = 200, description = "Deleted", body = Envelope<ApiClient>), Failures))]
pub async fn delete_client(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    QueryOf(Confirmation { confirm_name }): QueryOf<Confirmation>,
) -> Result<Answer<ApiClient>, ApiError> {
    state.services.clients().delete(&caller, id, confirm_name.as_deref()).await?;
    Ok(Answer::message("Deleted"))
}
