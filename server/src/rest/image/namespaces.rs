use axum::extract::State;
use domain::api::{DockerHubNamespace, Envelope, ErrorBody};

use super::HubQuery;
use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, QueryOf},
    state::AppState,
};

/// Namespaces of Docker Hub, from a search for repositories.
#[utoipa::path(get, path = "/dockerhub/namespaces", tag = "images", params(HubQuery),
    responses((status = 200, description = "`list`", body = Envelope<DockerHubNamespace>),
        (status = 502, description = "The answer of Docker Hub cannot be used", body = ErrorBody),
        (status = 503, description = "Docker Hub is switched off (`registry-off`) or does not answer", body = ErrorBody), Failures))]
pub async fn docker_hub_namespaces(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    QueryOf(HubQuery { q }): QueryOf<HubQuery>,
) -> Result<Answer<DockerHubNamespace>, ApiError> {
    let found = state.services.images().namespaces(&caller, q.as_deref()).await?;
    Ok(Answer::list("OK", found))
}
