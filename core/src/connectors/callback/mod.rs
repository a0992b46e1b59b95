//! Sending signed callbacks to addresses that users chose.
//!
//! - [`CallbackSender`]: sends one callback once; when to send again is the outbox's decision
//! - [`signature_header`]: the signature, which receivers compute in the same way
//! - [`CallbackClient`] sends, through the outbound address check; [`FakeCallbackSender`] is for tests

mod client;
mod fake;
mod signature;
#[cfg(test)]
mod tests;

use std::{
    fmt::{self, Debug},
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use url::Url;

pub use client::CallbackClient;
pub use fake::FakeCallbackSender;
pub use signature::{SigningSecrets, signature_header};

use crate::connectors::outbound::OutboundError;

#[async_trait]
pub trait CallbackSender: Debug + Send + Sync {
    /// An answer with any status is an answer; [`Answer::is_accepted`] tells which are good. A redirect is not followed.
    async fn send(&self, callback: &Callback) -> Result<Answer, SendError>;
}

/// One attempt to deliver an event.
#[derive(Clone)]
pub struct Callback {
    pub url: Url,
    /// `stacker-event`, such as `deployment.completed`.
    pub event: String,
    /// `stacker-delivery`: the same for every attempt, so that a receiver can tell a repetition.
    pub delivery_id: String,
    /// `stacker-timestamp`, in seconds since 1970: the time of this attempt.
    pub timestamp: DateTime<Utc>,
    /// JSON.
    pub body: String,
    pub secrets: SigningSecrets,
}

impl Debug for Callback {
    /// Without the path and the query, where some receivers expect a secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Callback")
            .field("host", &self.url.host_str())
            .field("event", &self.event)
            .field("delivery_id", &self.delivery_id)
            .finish_non_exhaustive()
    }
}

/// What a receiver answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// The first 2 kB. Letters that are not UTF-8, and those that no text column holds, are replaced.
    pub body: String,
    pub duration: Duration,
}

impl Answer {
    /// Whether the delivery is over.
    pub fn is_accepted(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Why there is no answer, and after how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct SendError {
    pub reason: OutboundError,
    pub duration: Duration,
}
