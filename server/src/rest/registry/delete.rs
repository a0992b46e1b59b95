use axum::extract::State;
use domain::api::{Envelope, RegistryItem};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// Deletes credentials for a registry. Machines that were deployed with them keep them.
#[utoipa::path(delete, path = "/registry/{id}", tag = "images", params(("id" = i32, Path)),
    responses((status = 200, description = "Deleted", body = Envelope<RegistryItem>), Failures))]
pub async fn delete_registry(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<RegistryItem>, ApiError> {
    state.services.images().delete_credential(&caller, id).await?;
    Ok(Answer::message("Deleted"))
}
