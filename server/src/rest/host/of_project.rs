use axum::extract::State;
use domain::api::{Envelope, Host};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// Where a project can be deployed to: the hosts of its owner.
#[utoipa::path(get, path = "/project/{id}/hosts", tag = "hosts", params(("id" = i32, Path)),
    responses((status = 200, description = "`list`", body = Envelope<Host>), Failures))]
pub async fn hosts_of_project(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<Host>, ApiError> {
    Ok(Answer::list("OK", state.services.hosts().of_project(&caller, id).await?))
}
