use axum::extract::{Query, State, rejection::QueryRejection};
use domain::api::{ApiClient, Envelope};
use serde::Deserialize;

use crate::{
    auth::Authenticated,
    rest::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Confirmation {
    /// The name of the client, or its id when it has none: where somebody was asked to type it, it must be right.
    confirm_name: Option<String>,
}

/// Deletes a client of yours for good.
#[utoipa::path(delete, path = "/client/{id}", tag = "access", params(("id" = i32, Path), Confirmation),
    responses((status = 200, description = "Deleted", body = Envelope<ApiClient>), Failures))]
pub async fn delete_client(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    confirmation: Result<Query<Confirmation>, QueryRejection>,
) -> Result<Answer<ApiClient>, ApiError> {
    let Query(Confirmation { confirm_name }) =
        confirmation.map_err(|error| ApiError::bad_request("invalid-query", error.body_text()))?;
    state.services.clients().delete(&caller, id, confirm_name.as_deref()).await?;
    Ok(Answer::message("Deleted"))
}
