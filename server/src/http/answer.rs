//! The response of a successful REST call: the envelope, and the version as `ETag` where the item has one.

use axum::{
    Json,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::api::Envelope;
use serde::Serialize;
use serde_json::Value;

#[derive(Debug)]
pub struct Answer<T, M = Value> {
    envelope: Envelope<T, M>,
    version: Option<i32>,
}

impl<T, M> Answer<T, M> {
    pub fn message(message: &str) -> Self {
        let envelope = Envelope { message: message.to_owned(), id: None, item: None, list: None, meta: None };
        Self { envelope, version: None }
    }

    pub fn item(message: &str, item: T) -> Self {
        let mut answer = Self::message(message);
        answer.envelope.item = Some(item);
        answer
    }

    pub fn list(message: &str, list: Vec<T>) -> Self {
        let mut answer = Self::message(message);
        answer.envelope.list = Some(list);
        answer
    }

    pub fn id(mut self, id: i32) -> Self {
        self.envelope.id = Some(id);
        self
    }

    pub fn meta(mut self, meta: impl Into<Option<M>>) -> Self {
        self.envelope.meta = meta.into();
        self
    }

    /// Sent as `ETag: "7"`, for clients to send back in `If-Match` and `If-None-Match`.
    pub fn version(mut self, version: i32) -> Self {
        self.version = Some(version);
        self
    }
}

/// The `ETag` of a version, for instance `"7"`.
pub fn etag(version: i32) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("\"{version}\"")).ok()
}

impl<T: Serialize, M: Serialize> IntoResponse for Answer<T, M> {
    fn into_response(self) -> Response {
        let mut response = Json(self.envelope).into_response();
        if let Some(tag) = self.version.and_then(etag) {
            let headers = response.headers_mut();
            headers.insert(header::ETAG, tag);
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        }
        response
    }
}
