//! Protection against cross-site requests: a browser attaches our cookies even to requests that other sites trigger. A request
//! that changes something with a cookie must therefore prove that it comes from one of our pages: by `Sec-Fetch-Site`, which
//! scripts cannot set, or, where the browser does not send it (plain http off loopback), by an `Origin` that is our host.

use axum::{
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::same_origin::is_function;
pub use super::same_origin::{is_safe, is_same_origin};
use crate::http::ApiError;

pub async fn csrf(request: Request, next: Next) -> Response {
    if is_safe(request.method()) || is_same_origin(request.headers()) {
        next.run(request).await
    } else {
        refusal().into_response()
    }
}

/// Wraps all routes, and checks any path that a router, a proxy or a later version could take for a server function, however it
/// is written.
pub async fn csrf_of_functions(request: Request, next: Next) -> Response {
    if is_function(request.uri().path()) { csrf(request, next).await } else { next.run(request).await }
}

pub fn refusal() -> ApiError {
    ApiError::new(
        StatusCode::FORBIDDEN,
        "cross-site",
        "this request did not come from a page of this server: open the page and try again there",
    )
}
