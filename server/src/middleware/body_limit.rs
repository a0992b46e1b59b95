//! How large a body may be. A length known from `Content-Length` is refused before the body is read; one that is not
//! (chunked) is cut off by axum's own limit, which the routers set to the same number.

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use crate::rest::ApiError;

/// Of requests without a compose file: names, codes, flags. For those with one see `limits.request_body_bytes`.
pub const SMALL: usize = 16 * 1024;

pub async fn body_limit(State(limit): State<usize>, request: Request, next: Next) -> Response {
    let declared = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > limit as u64) {
        return ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body-too-large",
            format!("the body is larger than the {limit} bytes this route takes"),
        )
        .into_response();
    }
    next.run(request).await
}
