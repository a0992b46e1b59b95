use axum::extract::State;
use domain::api::{Envelope, Project};

use crate::{
    auth::Authenticated,
    rest::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// Deletes a project and its compose file. 409 while a deployment of it is live.
#[utoipa::path(delete, path = "/project/{id}", tag = "projects", params(("id" = i32, Path)),
    responses((status = 200, description = "Deleted", body = Envelope<Project>),
        (status = 409, description = "A deployment is live", body = domain::api::ErrorBody), Failures))]
pub async fn delete_project(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<Project>, ApiError> {
    state.services.projects().delete(&caller, id).await?;
    Ok(Answer::message("Deleted"))
}
