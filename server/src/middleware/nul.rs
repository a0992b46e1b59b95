//! Rejects the character NUL in addresses and in the bodies that browsers send, so that no handler and no page meets one.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest as _, Request},
    http::header,
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use crate::http::{ApiError, nul_in_fields, nul_in_json, unread};

/// Nothing exists under a path with NUL, so it gets 404; a query with one gets 400.
pub async fn no_nul_in_address(request: Request, next: Next) -> Response {
    // `%00` is the only spelling: a raw one is no valid address, and `%2500` is an escaped percent sign.
    if request.uri().path().contains("%00") {
        return ApiError::not_found().into_response();
    }
    if request.uri().query().is_some_and(|query| nul_in_fields(query.as_bytes())) {
        return ApiError::bad_request("invalid-query", "the query must not contain the character NUL")
            .into_response();
    }
    next.run(request).await
}

/// For forms and server functions. Uploads pass: a file may hold anything until it is read as text.
pub async fn no_nul_in_body(request: Request, next: Next) -> Response {
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let (is_form, is_json) =
        (kind.starts_with("application/x-www-form-urlencoded"), kind.starts_with("application/json"));
    if !is_form && !is_json {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let request = Request::from_parts(parts.clone(), body);
    let bytes = match Bytes::from_request(request, &()).await {
        Ok(bytes) => bytes,
        Err(rejection) => return unread(rejection).into_response(),
    };
    if (is_form && nul_in_fields(&bytes)) || (is_json && nul_in_json(&bytes).is_some()) {
        return ApiError::bad_request("invalid-body", "the body must not contain the character NUL")
            .into_response();
    }
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}

#[cfg(test)]
mod tests {
    use axum::{Router, middleware::from_fn, routing::any};
    use tower::ServiceExt as _;

    use super::*;

    fn echo() -> Router {
        Router::new()
            .route("/{*path}", any(|body: String| async { body }))
            .layer(from_fn(no_nul_in_body))
            .layer(from_fn(no_nul_in_address))
    }

    #[tokio::test]
    async fn an_address_with_nul_is_rejected_and_an_escaped_percent_sign_is_text() {
        for (address, status) in
            [("/a%00b", 404), ("/a?b=%00", 400), ("/a?%00", 400), ("/a%2500b?c=%2500", 200)]
        {
            let request = Request::get(address).body(Body::empty()).unwrap();
            assert_eq!(echo().oneshot(request).await.unwrap().status(), status, "{address}");
        }
    }

    #[tokio::test]
    async fn a_body_with_nul_is_rejected_and_any_other_passes_unchanged() {
        const FORM: &str = "application/x-www-form-urlencoded";
        for (kind, body, status) in [
            (FORM, "name=a%00", 400),
            ("application/x-www-form-urlencoded; charset=utf-8", "name=a\0", 400),
            (FORM, "name=a%2500", 200),
            ("application/json", r#"{"name": "\u0000"}"#, 400),
            ("application/json", r#"{"name": "\\u0000"}"#, 200),
            ("multipart/form-data; boundary=x", "\0", 200),
        ] {
            let request =
                Request::post("/a").header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap();
            let response = echo().oneshot(request).await.unwrap();
            assert_eq!(response.status(), status, "{kind}: {body:?}");
            if status == 200 {
                let passed = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
                assert_eq!(passed, body, "{kind}");
            }
        }
    }
}
