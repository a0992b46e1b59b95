use axum::extract::State;
use domain::api::{DockerHubTag, Envelope, ErrorBody};

use super::HubQuery;
use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart, QueryOf},
    state::AppState,
};

/// Tags of a repository of Docker Hub.
#[utoipa::path(get, path = "/dockerhub/{namespace}/repositories/{repository}/tags", tag = "images", params(("namespace" = String, Path), ("repository" = String, Path), HubQuery),
    responses((status = 200, description = "`list`", body = Envelope<DockerHubTag>),
        (status = 502, description = "The answer of Docker Hub cannot be used", body = ErrorBody),
        (status = 503, description = "Docker Hub is switched off (`registry-off`) or does not answer", body = ErrorBody), Failures))]
pub async fn docker_hub_tags(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart((namespace, repository)): PathPart<(String, String)>,
    QueryOf(HubQuery { q }): QueryOf<HubQuery>,
) -> Result<Answer<DockerHubTag>, ApiError> {
    let found = state.services.images().tags(&caller, &namespace, &repository, q.as_deref()).await?;
    Ok(Answer::list("OK", found))
}
