//! `GET /download/stacker`: the program `stacker` for hosts, and `/download/stacker.sha256`. Open to everybody, because a host
//! fetches it before it has joined; the address never holds a code or a token.
//!
//! `?platform=linux-x86_64` names another platform than the server's own, `?sum=` the beginning of the SHA-256 if there is more than
//! one file for it. `?host=ID` lets the page that shows the command tick its
//! first step; the id gives no right, and an unknown one changes nothing.

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::from_fn_with_state,
    response::{IntoResponse as _, Response},
    routing::get,
};
use domain::api::HostProgram;
use serde::Deserialize;
use stacker::services::FoundProgram;
use tower::ServiceExt as _;
use tower_http::services::ServeFile;
use uuid::Uuid;

use crate::{
    http::{ApiError, QueryOf},
    middleware::{rate_limit::by_address_of_visitor, timeout::timeout},
    state::AppState,
};

/// The file can change with each update of the server: caches ask again, and get 304 while it is the same.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("public, no-cache");
const AS_A_FILE: HeaderValue = HeaderValue::from_static("attachment; filename=\"stacker\"");
const CHECKSUM: HeaderName = HeaderName::from_static("x-checksum-sha256");

#[derive(Deserialize)]
struct Wanted {
    platform: Option<String>,
    /// The beginning of the SHA-256 that the command will check.
    sum: Option<String>,
    /// Read as text: a program that cannot be ticked off is served all the same.
    host: Option<String>,
}

/// Not compressed: ranges and the length are those of the file. The time limit covers the start of the response.
pub fn router(state: &AppState) -> Router<AppState> {
    Router::new()
        .route("/download/stacker", get(program))
        .route("/download/stacker.sha256", get(checksum))
        .layer(from_fn_with_state(state.clone(), by_address_of_visitor))
        .layer(from_fn_with_state(state.limits.request_timeout, timeout))
}

async fn program(
    State(state): State<AppState>,
    QueryOf(wanted): QueryOf<Wanted>,
    mut request: Request,
) -> Result<Response, ApiError> {
    let FoundProgram { path, about } =
        state.services.programs().find(wanted.platform.as_deref(), wanted.sum.as_deref()).await?;
    let tag = format!("\"{}\"", about.sha256);
    let is_whole = !request.headers().contains_key(header::RANGE);
    let mut response = if names(request.headers(), header::IF_NONE_MATCH, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        // The service knows dates only. A part of another file is of no use: then the whole one is sent.
        if request.headers().contains_key(header::IF_RANGE)
            && !names(request.headers(), header::IF_RANGE, &tag)
        {
            request.headers_mut().remove(header::RANGE);
        }
        for condition in [header::IF_NONE_MATCH, header::IF_MODIFIED_SINCE, header::IF_RANGE] {
            request.headers_mut().remove(condition);
        }
        let is_get = *request.method() == Method::GET;
        let served = ServeFile::new(&path).oneshot(request).await.into_response();
        if served.status() == StatusCode::NOT_FOUND {
            // It was removed since it was looked up.
            return Err(ApiError::not_found());
        }
        if is_get && is_whole && served.status() == StatusCode::OK {
            tick(&state, wanted.host.as_deref()).await;
        }
        served
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, ASK_AGAIN);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_DISPOSITION, AS_A_FILE);
    for (name, value) in [(header::ETAG, tag), (CHECKSUM, about.sha256)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    Ok(response)
}

/// As `sha256sum` writes and reads it.
async fn checksum(
    State(state): State<AppState>,
    QueryOf(wanted): QueryOf<Wanted>,
) -> Result<Response, ApiError> {
    let found = state.services.programs().find(wanted.platform.as_deref(), wanted.sum.as_deref()).await?;
    let HostProgram { sha256, .. } = found.about;
    let headers = [
        (header::CACHE_CONTROL, ASK_AGAIN),
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
    ];
    Ok((headers, format!("{sha256}  stacker\n")).into_response())
}

/// A program is served even if this fails.
async fn tick(state: &AppState, host: Option<&str>) {
    let Some(host) = host.and_then(|host| host.parse::<Uuid>().ok()) else { return };
    if let Err(error) = state.services.hosts().program_fetched(host).await {
        tracing::warn!(%error, "a page does not learn that its program was fetched");
    }
}

fn names(headers: &HeaderMap, name: HeaderName, tag: &str) -> bool {
    let Some(held) = headers.get(name).and_then(|value| value.to_str().ok()) else { return false };
    held.split(',').any(|held| held.trim().trim_start_matches("W/") == tag)
}
