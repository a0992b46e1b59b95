use axum::extract::State;
use domain::api::{Envelope, Project};
use serde_json::Value;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody},
    state::AppState,
};

/// Creates a project from a form. Keys that the form does not know are stored in `request_json`.
#[utoipa::path(post, path = "/project", tag = "projects", request_body = Value,
    responses((status = 200, description = "The project", body = Envelope<Project>), Failures, BodyFailures))]
pub async fn create_project(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    JsonBody(form): JsonBody<Value>,
) -> Result<Answer<Project>, ApiError> {
    let project = state.services.projects().create_from_form(&caller, form).await?;
    let version = project.version;
    Ok(Answer::item("Ok", project).version(version))
}
