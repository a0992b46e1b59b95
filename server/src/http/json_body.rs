//! Reading a JSON body. Every mistake in it is reported in the envelope.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
};
use serde::de::DeserializeOwned;

use super::{ApiError, nul_in_json};

#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(not_json());
        }
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        without_nul(&bytes).map(Self)
    }
}

/// What a body of a person or a program holds is stored as it is, so it must not hold NUL.
fn without_nul<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let read = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
    let Some(at) = nul_in_json(bytes) else { return Ok(read) };
    let before = &bytes[..at];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    let message =
        format!("the body must not contain the character NUL (`\\u0000`), line {line} column {column}");
    Err(ApiError::bad_request("invalid-body", message).at(line, column))
}

/// For bodies of agents, which may hold NUL because it is replaced before they are stored, and which have already been read, because their signature covers every byte.
pub fn parse_json<T: DeserializeOwned>(headers: &HeaderMap, bytes: &[u8]) -> Result<T, ApiError> {
    if !is_json(headers) {
        return Err(not_json());
    }
    serde_json::from_slice(bytes).map_err(|error| malformed(&error))
}

/// For bodies whose every value has a default: a missing body counts as an empty one.
#[derive(Debug)]
pub struct OptionalJsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for OptionalJsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let is_json = is_json(request.headers());
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        if !is_json {
            return Err(not_json());
        }
        without_nul(&bytes).map(Self)
    }
}

/// `application/json` and everything that ends in `+json`.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn not_json() -> ApiError {
    ApiError::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        "send the body as `Content-Type: application/json`",
    )
}

/// For routes that are open or whose response is held: a body that never ends must not block them.
pub(crate) async fn in_time<T>(
    request_may_take: Duration,
    reading: impl Future<Output = Result<T, ApiError>>,
) -> Result<T, ApiError> {
    // Shorter than the limit of the whole request, so that this error is the one that is returned.
    let limit = request_may_take * 2 / 3;
    tokio::time::timeout(limit, reading).await.unwrap_or_else(|_| {
        Err(ApiError::new(
            StatusCode::REQUEST_TIMEOUT,
            "body-too-slow",
            format!("the body did not arrive within {} s", limit.as_secs_f32()),
        ))
    })
}

pub(crate) fn unread(rejection: BytesRejection) -> ApiError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body-too-large",
            "the body is larger than the limit of this route",
        );
    }
    ApiError::bad_request("unreadable-body", "the body could not be read to its end")
}

fn malformed(error: &serde_json::Error) -> ApiError {
    let code = if error.is_data() { "invalid-body" } else { "malformed-json" };
    ApiError::bad_request(code, error.to_string()).at(error.line(), error.column().max(1))
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use serde_json::Value;

    use super::*;

    fn request(content_type: &str, body: &'static str) -> Request<Body> {
        Request::post("/").header(header::CONTENT_TYPE, content_type).body(Body::from(body)).unwrap()
    }

    #[tokio::test]
    async fn malformed_json_is_answered_with_its_place() {
        let error = JsonBody::<Value>::from_request(request("application/json", "{\n  \"a\": oops\n}"), &())
            .await
            .unwrap_err();
        assert_eq!(error.code(), "malformed-json");
        assert!(error.message().contains("line 2 column 8"), "{}", error.message());
    }

    #[tokio::test]
    async fn a_nul_character_is_answered_with_its_place() {
        let body = "{\n  \"a\": \"b\\u0000\"\n}";
        let error =
            JsonBody::<Value>::from_request(request("application/json", body), &()).await.unwrap_err();
        assert_eq!(error.code(), "invalid-body");
        assert!(error.message().contains("line 2 column 10"), "{}", error.message());
        let error = OptionalJsonBody::<Value>::from_request(request("application/json", body), &()).await;
        assert_eq!(error.unwrap_err().code(), "invalid-body");
    }

    #[tokio::test]
    async fn a_body_that_is_not_called_json_is_refused() {
        for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
            let error = JsonBody::<Value>::from_request(request(content_type, "{}"), &()).await.unwrap_err();
            assert_eq!(error.code(), "unsupported-media-type", "{content_type}");
        }
    }

    #[tokio::test]
    async fn json_by_any_of_its_names_is_read() {
        for content_type in [
            "application/json",
            "application/json; charset=utf-8",
            "application/merge-patch+json",
            "Application/JSON",
        ] {
            let JsonBody(value) =
                JsonBody::<Value>::from_request(request(content_type, "{}"), &()).await.unwrap();
            assert_eq!(value, serde_json::json!({}), "{content_type}");
        }
    }
}
