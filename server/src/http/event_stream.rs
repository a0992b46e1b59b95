//! The events of a deployment, as server-sent events, for REST and for pages.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{Query, rejection::QueryRejection},
    http::{HeaderMap, HeaderValue, header},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::{access::Caller, api::DeploymentEvent};
use futures::stream::{self, Stream, StreamExt as _};
use serde::Deserialize;
use stacker::services::EventStream;

use super::ApiError;
use crate::state::AppState;

/// The interval of keep-alive messages: proxies close a connection that is silent for a minute.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AfterQuery {
    /// The number of the last event that was heard. `Last-Event-ID` goes before it; without both: from now on.
    after: Option<i64>,
}

/// The response with the events of this deployment after the given one, for as long as the client stays connected.
pub async fn event_stream(
    state: &AppState,
    caller: &Caller,
    hash: &str,
    after: Result<Query<AfterQuery>, QueryRejection>,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let Query(AfterQuery { after }) =
        after.map_err(|error| ApiError::bad_request("invalid-query", error.body_text()))?;
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.trim().parse().ok());
    let events = state.services.deployments().follow(caller, hash, last.or(after)).await?;

    let batches = stream::unfold(events, |mut events: EventStream| async move {
        match events.next().await {
            Ok(batch) => batch.map(|batch| (batch, events)),
            Err(error) => {
                tracing::error!(?error, "a stream of events broke");
                None
            }
        }
    });
    let events = batches
        .flat_map(stream::iter)
        .map(|event| Ok::<_, Infallible>(written(&event).unwrap_or_else(|| Event::default().comment("?"))));
    Ok(sse_response(events))
}

/// The response that sends these events to a page, each at once.
pub fn sse_response(events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies that know this header pass on each event at once.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

fn written(event: &DeploymentEvent) -> Option<Event> {
    let json = serde_json::to_value(event).ok()?;
    let name = json.get("event")?.as_str()?.to_owned();
    Some(Event::default().id(event.id.to_string()).event(name).data(json.to_string()))
}
