//! The size limit of bodies. One that `Content-Length` declares too large is refused before it is read; a chunked one is cut off
//! by axum's own limit, which the routers set to the same number.

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use stacker::config::LimitSettings;

use crate::http::ApiError;

/// Limit in bytes for requests without a compose file: names, codes, flags. Others have `limits.request_body_bytes`.
pub const SMALL: usize = 16 * 1024;
/// Limit in bytes for texts of up to 5,000 characters, however they are escaped.
pub const TEXT: usize = 64 * 1024;
/// Limit in bytes for reports, and for commands with their parameters: what legacy agents have always been allowed to send.
pub const COMMAND: usize = 2 * 1024 * 1024;
/// Limit in bytes for the registration of an agent.
pub const REGISTRATION: usize = 64 * 1024;

/// The largest limit of any route. A signed body is read up to this size before the signer is known.
pub fn largest(limits: &LimitSettings) -> usize {
    limits.request_body_bytes.max(COMMAND)
}

pub async fn body_limit(State(limit): State<usize>, request: Request, next: Next) -> Response {
    let declared = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > limit as u64) {
        return ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body-too-large",
            format!("the body is larger than {limit} bytes, the limit of this route"),
        )
        .into_response();
    }
    next.run(request).await
}
