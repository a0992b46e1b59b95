use axum::extract::State;
use domain::api::{Envelope, ErrorBody, RegistryItem, SaveRegistry};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody, PathId},
    state::AppState,
};

/// Replaces credentials for a registry. A password that is absent, null or masked stays as it is; another registry needs it again.
#[utoipa::path(put, path = "/registry/{id}", tag = "images", params(("id" = i32, Path)), request_body = SaveRegistry,
    responses((status = 200, description = "The credentials", body = Envelope<RegistryItem>),
        (status = 409, description = "There are others for this registry already", body = ErrorBody), Failures, BodyFailures))]
pub async fn update_registry(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    JsonBody(body): JsonBody<SaveRegistry>,
) -> Result<Answer<RegistryItem>, ApiError> {
    Ok(Answer::item("success", state.services.images().update_credential(&caller, id, body).await?))
}
