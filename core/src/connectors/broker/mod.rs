//! RabbitMQ: install messages are published to it, and the progress of cloud deployments is read from it.
//!
//! The library's own recovery stays off: [`RabbitMq`] and [`Consumer`] each keep one connection and open a new one after any
//! failure, so that nothing depends on what a recovered channel remembers.

mod backoff;
mod configured;
mod confirmed;
mod connection;
mod consumer;
mod dead_letters;
mod delivery;
mod failure;
mod fake;
mod link;
mod metrics;
mod poison;
mod publication;
mod rabbitmq;
mod session;
mod settings;
mod state;
mod topology;

pub use backoff::{FixedJitter, Jitter, RandomJitter};
pub use configured::{broker, consumer, consumer_settings};
pub use consumer::Consumer;
pub use dead_letters::{DeadLetter, DeadLetters, Which};
pub use delivery::{Delivery, Outcome, ProgressHandler};
pub use failure::BrokerError;
pub use fake::{FakeAnswer, FakeBroker};
pub use metrics::{ConsumerCounts, ConsumerMetrics};
pub use publication::{Broker, Publication, PublishError};
pub use rabbitmq::RabbitMq;
pub use settings::{
    BrokerSettings, ConsumerSettings, ExchangeDeclaration, ProgressQueue, Reconnect, Timeouts, Tls,
};
pub use state::BrokerState;
pub use topology::{DEAD_LETTER_EXCHANGE, PROGRESS_EXCHANGE};
