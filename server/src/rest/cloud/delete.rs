use axum::extract::State;
use domain::{api::Envelope, cloud::CloudItem};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Confirmation, Failures, PathId, QueryOf},
    state::AppState,
};

/// Deletes a cloud with its secrets. Machines that were created with it keep running at the provider.
#[utoipa::path(delete, path = "/cloud/{id}", tag = "clouds", params(("id" = i32, Path), Confirmation),
    responses((status = 200, description = "Deleted", body = Envelope<CloudItem>), Failures))]
pub async fn delete_cloud(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    QueryOf(Confirmation { confirm_name }): QueryOf<Confirmation>,
) -> Result<Answer<CloudItem>, ApiError> {
    state.services.clouds().delete(&caller, id, confirm_name.as_deref()).await?;
    Ok(Answer::message("Deleted"))
}
