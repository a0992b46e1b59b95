use axum::extract::State;
use domain::api::{Envelope, Project};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Confirmation, Failures, PathId, QueryOf},
    state::AppState,
};

/// Deletes a project and its compose file permanently. 409 while one of its deployments is live.
#[utoipa::path(delete, path = "/project/{id}", tag = "projects", params(("id" = i32, Path), Confirmation),
    responses((status = 200, description = "Deleted", body = Envelope<Project>),
        (status = 409, description = "A deployment is live", body = domain::api::ErrorBody), Failures))]
pub async fn delete_project(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    QueryOf(Confirmation { confirm_name }): QueryOf<Confirmation>,
) -> Result<Answer<Project>, ApiError> {
    state.services.projects().delete(&caller, id, confirm_name.as_deref()).await?;
    Ok(Answer::message("Deleted"))
}
