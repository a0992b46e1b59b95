//! `GET /deployments/{hash}/events`: the event stream for pages, authenticated by the session cookie.

use app::rpc::CurrentCaller;
use axum::{
    Extension, Router,
    extract::{Query, State, rejection::QueryRejection},
    http::HeaderMap,
    response::Response,
    routing::get,
};

use crate::{
    http::{AfterQuery, ApiError, PathPart, event_stream},
    state::AppState,
};

pub fn router() -> Router<AppState> {
    Router::new().route("/deployments/{hash}/events", get(follow))
}

async fn follow(
    State(state): State<AppState>,
    Extension(CurrentCaller(caller)): Extension<CurrentCaller>,
    PathPart(hash): PathPart<String>,
    after: Result<Query<AfterQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let caller = caller.ok_or_else(ApiError::unauthenticated)?;
    event_stream(&state, &caller, &hash, after, &headers).await
}
