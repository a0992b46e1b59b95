use axum::extract::State;
use domain::api::{DockerHubRepository, Envelope, ErrorBody};

use super::HubQuery;
use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart, QueryOf},
    state::AppState,
};

/// Repositories of a namespace of Docker Hub.
#[utoipa::path(get, path = "/dockerhub/{namespace}/repositories", tag = "images", params(("namespace" = String, Path), HubQuery),
    responses((status = 200, description = "`list`", body = Envelope<DockerHubRepository>),
        (status = 502, description = "The answer of Docker Hub cannot be used", body = ErrorBody),
        (status = 503, description = "Docker Hub is switched off (`registry-off`) or does not answer", body = ErrorBody), Failures))]
pub async fn docker_hub_repositories(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(namespace): PathPart<String>,
    QueryOf(HubQuery { q }): QueryOf<HubQuery>,
) -> Result<Answer<DockerHubRepository>, ApiError> {
    let found = state.services.images().repositories(&caller, &namespace, q.as_deref()).await?;
    Ok(Answer::list("OK", found))
}
