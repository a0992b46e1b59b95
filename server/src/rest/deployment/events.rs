use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::HeaderMap,
    response::Response,
};

use crate::{
    auth::Authenticated,
    http::{AfterQuery, ApiError, Failures, PathPart, event_stream},
    state::AppState,
};

/// Follows a deployment: `text/event-stream`, with numbered events, so that a client can continue after an interruption.
#[utoipa::path(get, path = "/api/v1/deployments/{deployment_hash}/events", tag = "deployments",
    params(("deployment_hash" = String, Path), AfterQuery, ("Last-Event-ID" = Option<i64>, Header)),
    responses((status = 200, description = "Events, until the connection ends: command, progress, deployment, revision, services, agent",
        content_type = "text/event-stream", body = String), Failures))]
pub async fn follow_deployment(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(hash): PathPart<String>,
    after: Result<Query<AfterQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    event_stream(&state, &caller, &hash, after, &headers).await
}
