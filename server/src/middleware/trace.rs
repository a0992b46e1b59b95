//! One log line per request. It never contains the query (which can hold a sign-in code), a header or a body.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use tracing::Instrument as _;

use super::request_id::RequestId;

pub async fn trace(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let span = tracing::info_span!("http.request", request_id = %id);
    let method = request.method().clone();
    // The line has the path as well as the pattern of the route: ids in paths are not secret, but unknown paths can be anything.
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let path = request.uri().path().to_owned();

    async move {
        let started = Instant::now();
        let response = next.run(request).await;
        let status = response.status().as_u16();
        let duration_ms = started.elapsed().as_secs_f64() * 1000.0;
        let route = route.as_deref().unwrap_or("-");
        if status >= 500 {
            tracing::warn!(%method, path, route, status, duration_ms, "request");
        } else {
            tracing::info!(%method, path, route, status, duration_ms, "request");
        }
        response
    }
    .instrument(span)
    .await
}
