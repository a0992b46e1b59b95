//! `GET /projects/{id}/events`: tells an open builder, authenticated by the session cookie, that the project was saved.
//!
//! Each event is named `project`; its number is the version.

use app::rpc::CurrentCaller;
use axum::{
    Extension, Router,
    extract::{Query, State, rejection::QueryRejection},
    http::HeaderMap,
    response::{Response, sse::Event},
    routing::get,
};
use futures::stream;
use serde_json::json;

use crate::{
    http::{AfterQuery, ApiError, PathId, events_after, sse_response},
    state::AppState,
};

pub fn router() -> Router<AppState> {
    Router::new().route("/projects/{id}/events", get(follow))
}

async fn follow(
    State(state): State<AppState>,
    Extension(CurrentCaller(caller)): Extension<CurrentCaller>,
    PathId(id): PathId,
    after: Result<Query<AfterQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let caller = caller.ok_or_else(ApiError::unauthenticated)?;
    let after = events_after(after, &headers)?.and_then(|after| i32::try_from(after).ok());
    let versions = state.services.projects().follow(&caller, id, after).await?;
    let events = stream::unfold(versions, async |mut versions| match versions.next().await {
        Ok(version) => version.map(|version| (event(version), versions)),
        Err(error) => {
            tracing::error!(?error, "a stream of versions broke");
            None
        }
    });
    Ok(sse_response(events))
}

fn event(version: i32) -> Event {
    let data = json!({ "version": version }).to_string();
    Event::default().event("project").id(version.to_string()).data(data)
}
