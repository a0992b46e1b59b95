//! What is published, and what can come of it.

use std::fmt::Debug;

use async_trait::async_trait;
use secrecy::SecretSlice;
use tokio::sync::watch;

use crate::connectors::broker::state::BrokerState;

/// A message that must arrive in a queue. Its body may hold credentials.
#[derive(Clone, Debug)]
pub struct Publication {
    pub exchange: String,
    pub routing_key: String,
    /// The same for each attempt, so that a receiver can recognise a second copy.
    pub message_id: String,
    /// JSON.
    pub body: SecretSlice<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// It was not sent.
    #[error("the message broker is not available: {0}")]
    Unavailable(String),
    /// The broker has thrown it away, because no queue receives it.
    #[error("no queue receives the message: {0}")]
    Returned(String),
    /// The broker did not take it.
    #[error("the message broker refuses the message: {reason}")]
    Refused {
        /// The reply code of AMQP 0-9-1; none for a negative confirm.
        code: Option<u16>,
        reason: String,
    },
    /// No confirm came in time. It may have arrived, or may still arrive.
    #[error("the message broker did not confirm the message in time")]
    TimedOut,
    /// The connection was lost before a confirm came. It may have arrived.
    #[error("the connection was lost before the message was confirmed: {0}")]
    ConnectionLost(String),
}

impl PublishError {
    /// Whether publishing the message again may bring it there twice.
    pub fn may_have_arrived(&self) -> bool {
        matches!(self, Self::TimedOut | Self::ConnectionLost(_))
    }
}

/// A message broker that we publish to.
#[async_trait]
pub trait Broker: Debug + Send + Sync {
    /// Succeeds only when the broker has confirmed that a queue holds the message. Returns within the timeouts of the settings;
    /// while the broker is known to be down, at once.
    async fn publish(&self, publication: Publication) -> Result<(), PublishError>;

    /// The state now and its changes. A client that was never used has never tried.
    fn state(&self) -> watch::Receiver<BrokerState>;
}
