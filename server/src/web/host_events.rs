//! `GET /hosts/events`: the hosts of the session's user and their machines in clouds, as they are now and after each change. With `?project=ID`, those that a
//! project can be deployed to.

use app::rpc::CurrentCaller;
use axum::{
    Extension, Router,
    extract::State,
    response::{Response, sse::Event},
    routing::get,
};
use futures::stream;
use serde::Deserialize;
use stacker::services::{HostStream, WhoseHosts};

use crate::{
    http::{ApiError, QueryOf, sse_response},
    state::AppState,
};

#[derive(Deserialize)]
struct Project {
    project: Option<i32>,
}

pub fn router() -> Router<AppState> {
    Router::new().route("/hosts/events", get(follow))
}

async fn follow(
    State(state): State<AppState>,
    Extension(CurrentCaller(caller)): Extension<CurrentCaller>,
    QueryOf(Project { project }): QueryOf<Project>,
) -> Result<Response, ApiError> {
    let caller = caller.ok_or_else(ApiError::unauthenticated)?;
    let whose = project.map_or(WhoseHosts::Own, WhoseHosts::OfProject);
    let hosts = state.services.hosts().follow(&caller, whose).await?;
    let events = stream::unfold(hosts, |mut hosts: HostStream| async move {
        let lists = match hosts.next().await {
            Ok(lists) => lists?,
            Err(error) => {
                tracing::error!(?error, "a stream of hosts broke");
                return None;
            }
        };
        let json = serde_json::to_string(&lists).ok()?;
        Some((Event::default().event("hosts").data(json), hosts))
    });
    Ok(sse_response(events))
}
