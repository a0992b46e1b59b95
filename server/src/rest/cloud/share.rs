use std::collections::BTreeSet;

use axum::extract::State;
use domain::{
    api::Envelope,
    cloud::{CloudItem, ShareCloud},
};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody, PathId},
    state::AppState,
};

/// Shares a cloud with exactly these projects of yours: their operators can then deploy with it. They do not see its secrets.
#[utoipa::path(put, path = "/cloud/{id}/projects", tag = "clouds", params(("id" = i32, Path)), request_body = ShareCloud,
    responses((status = 200, description = "The cloud", body = Envelope<CloudItem>), Failures, BodyFailures))]
pub async fn share_cloud(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    JsonBody(ShareCloud { projects }): JsonBody<ShareCloud>,
) -> Result<Answer<CloudItem>, ApiError> {
    let projects: BTreeSet<i32> = projects.into_iter().collect();
    Ok(Answer::item("success", state.services.clouds().share(&caller, id, &projects).await?))
}
