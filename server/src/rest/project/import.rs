use axum::extract::State;
use domain::api::{Envelope, FindingsMeta, ImportProject, Project};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody},
    state::AppState,
};

/// Creates a project from a compose file, which is stored byte for byte. Findings are in `meta`.
#[utoipa::path(post, path = "/project/import", tag = "projects", request_body = ImportProject,
    responses((status = 200, description = "The project", body = Envelope<Project, FindingsMeta>), Failures, BodyFailures))]
pub async fn import_project(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    JsonBody(import): JsonBody<ImportProject>,
) -> Result<Answer<Project, FindingsMeta>, ApiError> {
    let (project, findings) = state.services.projects().import(&caller, import).await?;
    let version = project.version;
    Ok(Answer::item("Ok", project).meta(FindingsMeta { findings, version: Some(version) }).version(version))
}
