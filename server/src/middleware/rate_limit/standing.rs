//! How much of a quota is left, and the headers that report it: `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`,
//! which today's clients read (draft-polli-ratelimit-headers and its successors up to the seventh).

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};

use crate::http::ApiError;

/// The clause of the error message that says what there was too much of.
pub const BY_ADDRESS: &str = "too many requests from your address in a short time";

pub const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
pub const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
pub const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub limit: u32,
    pub remaining: u32,
    /// Seconds until the quota is whole again.
    pub reset: u32,
    /// Seconds until one more request is let through; 0 means now.
    pub wait: u32,
}

impl Standing {
    fn headers(self) -> [(HeaderName, HeaderValue); 3] {
        [(LIMIT, self.limit.into()), (REMAINING, self.remaining.into()), (RESET, self.reset.into())]
    }

    /// Of two quotas that one request counts for, the one that is used up first.
    pub fn nearer(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (one, other) {
            (Some(one), Some(other)) if other.remaining < one.remaining => Some(other),
            (one, other) => one.or(other),
        }
    }

    /// Adds the headers to a response that has none yet.
    pub fn say(self, response: &mut Response) {
        if !response.headers().contains_key(LIMIT) {
            response.headers_mut().extend(self.headers());
        }
    }

    /// The 429 response. `what` is the clause of its message that says what there was too much of.
    pub fn refusal(self, code: &str, what: &str) -> ApiError {
        let wait = self.wait.max(1);
        let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, code, format!("{what}; wait {wait} s"))
            .retry_after(wait)
            .with_header(header::RETRY_AFTER, wait.into());
        self.headers().into_iter().fold(error, |error, (name, value)| error.with_header(name, value))
    }
}
