//! Which pages of other origins are allowed to call the REST API: those in the settings, otherwise none. Cookies are never
//! accepted from them; such a page has to send a bearer token.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use stacker::config::CorsSettings;
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::rate_limit::{LIMIT, REMAINING, RESET};

const ASKED_AGAIN_AFTER: Duration = Duration::from_secs(600);

/// `None` when no origin is allowed: without the layer's headers, browsers refuse cross-origin calls.
pub fn cors(settings: &CorsSettings) -> Option<CorsLayer> {
    let origins: Vec<HeaderValue> =
        settings.allowed_origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    let named = |name: &'static str| HeaderName::from_static(name);
    (!origins.is_empty()).then(|| {
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins))
            .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
            .allow_headers([
                header::AUTHORIZATION,
                header::CONTENT_TYPE,
                header::IF_MATCH,
                header::IF_NONE_MATCH,
                named("last-event-id"),
                named("stacker-id"),
                named("stacker-hash"),
                named("stacker-timestamp"),
                named("stacker-nonce"),
                named("x-request-id"),
            ])
            .expose_headers([
                header::ETAG,
                header::RETRY_AFTER,
                LIMIT,
                REMAINING,
                RESET,
                named("x-request-id"),
            ])
            .max_age(ASKED_AGAIN_AFTER)
    })
}
