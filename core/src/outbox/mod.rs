//! Messages for external services. A use case writes them in its own transaction, and they are delivered afterwards: nothing is
//! sent for a transaction that was rolled back, and nothing is lost after one that was committed.
//!
//! To add a destination, implement [`Destination`] and add it to [`Services::destinations`](crate::services::Services). Each
//! destination is drained on its own, so that a slow one delays no other.

mod back_off;
mod drain;

use std::fmt::Debug;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretSlice};
use sqlx::PgConnection;

pub use drain::{drain, retry_now};

use crate::{
    context::Context,
    crypto::{KeyRing, SealedColumn},
    db::{
        Pool,
        outbox::{self, Message, NewMessage},
    },
};

/// What writing to the outbox and draining it needs. Cheap to clone.
#[derive(Clone, Copy, Debug)]
pub struct Outbox<'a> {
    pub pool: &'a Pool,
    pub keyring: &'a KeyRing,
    pub context: &'a Context,
}

/// Why a message was not delivered, as text without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// It is tried again later.
    Later(String),
    /// A further attempt cannot succeed.
    Never(String),
    /// It may have arrived. A destination that must not get a message twice is not tried again.
    Unsure(String),
}

impl Undelivered {
    pub fn reason(&self) -> &str {
        match self {
            Self::Later(reason) | Self::Never(reason) | Self::Unsure(reason) => reason,
        }
    }
}

/// What happens to a message whose delivery was interrupted, so that it may or may not have arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterInterruption {
    /// It is delivered again, because a second copy changes nothing.
    Repeat,
    /// It is given up as [`Undelivered::Unsure`], because a second copy would do its work twice.
    GiveUp,
}

/// An external service that messages go to.
#[async_trait]
pub trait Destination: Debug + Send + Sync {
    /// The value of the column `destination`.
    fn name(&self) -> &'static str;

    /// Whether the service is configured. If not, its messages wait.
    fn is_configured(&self) -> bool;

    /// The longest time of one delivery, with a margin. Another server may deliver the message after that.
    fn delivery_may_take(&self) -> TimeDelta;

    /// Returns when this server has put a message for this destination into the outbox since the last call returned.
    async fn news(&self);

    /// Returns when the service can be reached again after it could not. What waits is then delivered without waiting longer.
    async fn returns(&self) {
        std::future::pending().await
    }

    async fn deliver(&self, message: &Message, payload: SecretSlice<u8>) -> Result<(), Undelivered>;

    /// Deletes the delivered message, together with what depends on its delivery.
    async fn delivered(&self, outbox: Outbox<'_>, message: &Message) -> anyhow::Result<()>;

    /// Notes, in the transaction that does so for the message, that it has to wait.
    async fn waits(&self, connection: &mut PgConnection, message: &Message) -> anyhow::Result<()>;

    /// Notes, in the transaction that deletes the message, that it is not delivered any more.
    async fn given_up(
        &self,
        connection: &mut PgConnection,
        message: &Message,
        why: &Undelivered,
    ) -> anyhow::Result<()>;

    fn after_interruption(&self) -> AfterInterruption;

    /// How many attempts a message has. `None`: it is tried until it is delivered.
    fn max_attempts(&self) -> Option<i32>;
}

/// A message to be put into the outbox.
pub struct Outgoing<'a> {
    pub destination: &'static str,
    /// What it is about, for example a deployment hash. A newer message replaces a waiting one of the same destination and subject.
    pub subject: &'a str,
    pub payload: &'a [u8],
    /// When the message is deleted undelivered.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Seals a message and puts it into the outbox. Must run in the transaction of the use case.
pub async fn put(
    connection: &mut PgConnection,
    keyring: &KeyRing,
    context: &Context,
    message: Outgoing<'_>,
) -> anyhow::Result<()> {
    put_into(connection, keyring, context, message, None).await
}

/// Like [`put`], but the message is not delivered before earlier ones of the same destination and `queue`. What the queue is about
/// must be locked, so that two transactions do not write to it at the same time.
pub async fn put_in_order(
    connection: &mut PgConnection,
    keyring: &KeyRing,
    context: &Context,
    message: Outgoing<'_>,
    queue: &str,
) -> anyhow::Result<()> {
    put_into(connection, keyring, context, message, Some(queue)).await
}

async fn put_into(
    connection: &mut PgConnection,
    keyring: &KeyRing,
    context: &Context,
    message: Outgoing<'_>,
    queue: Option<&str>,
) -> anyhow::Result<()> {
    let Outgoing { destination, subject, payload, expires_at } = message;
    let now = context.clock.now();
    let id = context.random.uuid_v7(now);
    let payload_sealed = keyring.seal(context.random.as_ref(), payload, place(&id.to_string()))?;
    let new =
        NewMessage { id, destination, subject, queue, payload_sealed: &payload_sealed, expires_at, now };
    outbox::put(connection, new).await
}

fn open(keyring: &KeyRing, message: &Message) -> Result<SecretSlice<u8>, Undelivered> {
    let opened = keyring.open(&message.payload_sealed, place(&message.id.to_string()));
    // A key that is missing now may be added again.
    opened.map_err(|error| Undelivered::Later(error.to_string()))
}

/// A payload that is text.
pub fn text(payload: &SecretSlice<u8>) -> Result<&str, Undelivered> {
    std::str::from_utf8(payload.expose_secret())
        .map_err(|_| Undelivered::Never("the sealed message is not text".to_owned()))
}

fn place(id: &str) -> SealedColumn<'_> {
    SealedColumn { table: "outbox", column: "payload_sealed", row: id }
}
