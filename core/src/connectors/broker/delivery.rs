//! A received message, and what its handler makes of it.

use std::fmt::Debug;

use async_trait::async_trait;
use lapin::types::{AMQPValue, FieldTable};

/// A message that the broker delivered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    pub body: Vec<u8>,
    /// Whether somebody received it before, and did not acknowledge it.
    pub redelivered: bool,
    /// How often it came back; only a durable queue counts this.
    pub delivery_count: Option<u64>,
    /// The sender's; the install service may send none.
    pub message_id: Option<String>,
    pub routing_key: String,
}

impl Delivery {
    pub(super) fn of(message: &mut lapin::message::Delivery) -> Self {
        let count = message.properties.headers().as_ref().and_then(delivery_count);
        Self {
            body: std::mem::take(&mut message.data),
            redelivered: message.redelivered,
            delivery_count: count,
            message_id: message.properties.message_id().as_ref().map(ToString::to_string),
            routing_key: message.routing_key.to_string(),
        }
    }
}

fn delivery_count(headers: &FieldTable) -> Option<u64> {
    // The broker chooses the width of the number.
    match headers.inner().get("x-delivery-count")? {
        AMQPValue::ShortShortInt(count) => u64::try_from(*count).ok(),
        AMQPValue::ShortShortUInt(count) => Some((*count).into()),
        AMQPValue::ShortInt(count) => u64::try_from(*count).ok(),
        AMQPValue::ShortUInt(count) => Some((*count).into()),
        AMQPValue::LongInt(count) => u64::try_from(*count).ok(),
        AMQPValue::LongUInt(count) => Some((*count).into()),
        AMQPValue::LongLongInt(count) => u64::try_from(*count).ok(),
        _ => None,
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// What it says is stored: it is acknowledged.
    Done,
    /// Not now, the database is away, say: the same message is handled again after a while. Those behind it wait, so that the
    /// order is kept.
    Retry(String),
    /// Never: it goes to the dead letters. The reason goes with it and to the log.
    Poison(String),
}

/// What is done with the messages, in the order in which they arrive.
#[async_trait]
pub trait ProgressHandler: Debug + Send + Sync {
    /// Returns only after the transaction was committed or rolled back. The same message may come again, also after
    /// [`Outcome::Done`]: when the connection is lost before the acknowledgement arrives. A panic counts as a crash: the message
    /// comes back, and is given up when it keeps happening.
    async fn handle(&self, delivery: &Delivery) -> Outcome;

    /// Handles messages that arrived at once, all of them or none. `false`: nothing was stored, and each is handled by itself.
    async fn handle_together(&self, deliveries: &[&Delivery]) -> bool {
        let _ = deliveries;
        false
    }
}
