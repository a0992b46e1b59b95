//! Server-sent events, for REST and for pages: the events of a deployment, and any other stream.

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
    /// The number of the last event received. `Last-Event-ID` takes precedence; without both, the stream starts with the next event.
    after: Option<i64>,
}

/// The response with the events of this deployment after the given one, for as long as the client stays connected.
pub async fn event_stream(
    state: &AppState,
    caller: &Caller,
    hash: &str,
    query: Result<Query<AfterQuery>, QueryRejection>,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let after = events_after(query, headers)?;
    let events = state.services.deployments().follow(caller, hash, after).await?;

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
        .map(|event| written(&event).unwrap_or_else(|| Event::default().comment("?")));
    Ok(sse_response(events))
}

/// The number after which events are wanted: the last one that this client has received, or the one in the query.
pub fn events_after(
    query: Result<Query<AfterQuery>, QueryRejection>,
    headers: &HeaderMap,
) -> Result<Option<i64>, ApiError> {
    let Query(AfterQuery { after }) =
        query.map_err(|error| ApiError::bad_request("invalid-query", error.body_text()))?;
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.trim().parse().ok());
    Ok(last.or(after))
}

/// The response that sends these events as they happen.
pub fn sse_response(events: impl Stream<Item = Event> + Send + 'static) -> Response {
    let events = events.map(Ok::<_, Infallible>);
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
