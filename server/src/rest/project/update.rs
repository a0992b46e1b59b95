use axum::extract::State;
use domain::api::{Envelope, Project};
use serde_json::Value;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, ChangeFailures, Failures, IfMatch, JsonBody, PathId},
    state::AppState,
};

/// Updates a project from a form. What a form cannot express stays as it is.
#[utoipa::path(put, path = "/project/{id}", tag = "projects", request_body = Value,
    params(("id" = i32, Path), ("If-Match" = Option<String>, Header, description = "The version that this is based on, as in `ETag`")),
    responses((status = 200, description = "The project", body = Envelope<Project>), Failures, BodyFailures, ChangeFailures))]
pub async fn update_project(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    based_on: IfMatch,
    JsonBody(form): JsonBody<Value>,
) -> Result<Answer<Project>, ApiError> {
    let expected = based_on.or(version_in(&form));
    let updated = state.services.projects().update_from_form(&caller, id, form, expected).await;
    let project = updated.map_err(|error| based_on.refusal(error))?;
    let version = project.version;
    Ok(Answer::item("success", project).version(version))
}

/// `"version": 7` beside `custom`, as the project object has it.
fn version_in(form: &Value) -> Option<i32> {
    form.get("version")?.as_i64()?.try_into().ok()
}
