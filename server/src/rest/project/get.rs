use axum::{extract::State, response::Response};
use domain::api::{Envelope, Project};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, IfNoneMatch, PathId},
    state::AppState,
};

/// One of your projects.
#[utoipa::path(get, path = "/project/{id}", tag = "projects", params(("id" = i32, Path)),
    responses((status = 200, description = "The project; `ETag` is its version", body = Envelope<Project>), (status = 304, description = "Your version is current"), Failures))]
pub async fn get_project(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    held: IfNoneMatch,
) -> Result<Response, ApiError> {
    let project = state.services.projects().get(&caller, id).await?;
    let version = project.version;
    Ok(held.answer(version, Answer::<_>::item("OK", project).version(version)))
}
