use axum::extract::State;
use domain::api::{Envelope, ProjectEnv};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// The values of the variables, for those who may change the project. Each reading is in the audit log.
#[utoipa::path(get, path = "/project/{id}/env", tag = "projects", params(("id" = i32, Path)),
    responses((status = 200, description = "The values, and the file `.env` with them; never stored by caches", body = Envelope<ProjectEnv>), Failures))]
pub async fn get_env(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<ProjectEnv>, ApiError> {
    let env = state.services.projects().env(&caller, id).await?;
    Ok(Answer::item("Success", env).id(id))
}
