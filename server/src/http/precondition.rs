//! Conditional requests by the integer version: `If-Match` on writes, `If-None-Match` on reads.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};

use super::{ApiError, answer::etag};

/// The version a write is based on, if the client sends it in a header. `*` or no header means any version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(Option<i32>);

impl IfMatch {
    /// The header wins over the version in the body.
    pub fn or(self, in_body: Option<i32>) -> Option<i32> {
        self.0.or(in_body)
    }

    /// A condition in a header that does not hold is 412 (RFC 9110, 13.1.1); one in the body is 409.
    pub fn refusal(self, error: impl Into<ApiError>) -> ApiError {
        let error = error.into();
        let by_header = self.0.is_some() && error.code() == "version-conflict";
        if by_header { error.with_status(StatusCode::PRECONDITION_FAILED) } else { error }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        match versions(&parts.headers, &header::IF_MATCH) {
            None => Ok(Self(None)),
            Some(tags) => tags.first().copied().map(|version| Self(Some(version))).ok_or_else(|| {
                ApiError::new(
                    StatusCode::PRECONDITION_FAILED,
                    "version-conflict",
                    "If-Match is not a version of this server: send the ETag of the last answer, for example \"7\"",
                )
            }),
        }
    }
}

/// The versions a client already holds.
#[derive(Clone, Debug, Default)]
pub struct IfNoneMatch(Vec<i32>);

impl IfNoneMatch {
    /// 304 when the client holds this version, the answer otherwise.
    pub fn answer(&self, version: i32, answer: impl IntoResponse) -> Response {
        if !self.0.contains(&version) {
            return answer.into_response();
        }
        let tag = etag(version).map(|tag| [(header::ETAG, tag)]);
        (StatusCode::NOT_MODIFIED, tag.map(IntoResponse::into_response).unwrap_or_default()).into_response()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(versions(&parts.headers, &header::IF_NONE_MATCH).unwrap_or_default()))
    }
}

/// `None` means no condition; an empty list means a condition that none of our versions can meet.
fn versions(headers: &HeaderMap, name: &HeaderName) -> Option<Vec<i32>> {
    let value = headers.get(name)?.to_str().unwrap_or_default().trim();
    if value == "*" {
        return None;
    }
    let tag = |tag: &str| tag.trim().trim_start_matches("W/").trim_matches('"').parse().ok();
    Some(value.split(',').filter_map(tag).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(value: &str) -> Option<Vec<i32>> {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_MATCH, value.parse().unwrap());
        versions(&headers, &header::IF_MATCH)
    }

    #[test]
    fn a_version_is_read_from_any_spelling_of_its_tag() {
        for spelling in ["\"7\"", "W/\"7\"", "7", " \"7\" "] {
            assert_eq!(given(spelling), Some(vec![7]), "{spelling}");
        }
        assert_eq!(given("\"7\", \"8\""), Some(vec![7, 8]));
    }

    #[test]
    fn a_star_is_no_condition_and_a_foreign_tag_cannot_be_met() {
        assert_eq!(given("*"), None);
        assert_eq!(given("\"abc\""), Some(vec![]));
    }
}
