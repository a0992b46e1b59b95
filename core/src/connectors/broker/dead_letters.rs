//! The queue of dead letters, for operators.

use std::fmt::Write as _;

use lapin::{
    BasicProperties, Channel, Connection,
    message::BasicGetMessage,
    options::{BasicAckOptions, BasicGetOptions, BasicNackOptions},
    types::{AMQPValue, FieldTable},
};
use sha2::{Digest as _, Sha256};

use crate::connectors::broker::{
    confirmed::{self, Message, PERSISTENT, answer, within},
    connection,
    failure::{BrokerError, reply_code},
    poison::{REASON, ROUTING_KEY},
    settings::ConsumerSettings,
    topology::{PROGRESS_EXCHANGE, waiting},
};

/// Used for a message whose own key is not known any more.
const USUAL_KEY: &str = "install.progress.tfa.all.all";

/// A message that no consumer could use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// The sender's message id; without one, the first 16 hex digits of the body's SHA-256.
    pub id: String,
    pub routing_key: String,
    /// What the handler said, or what the broker calls it: `delivery_limit`, for example.
    pub reason: String,
    pub body: Vec<u8>,
}

/// Which dead letters are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// All with this id.
    Id(String),
    All,
}

impl Which {
    fn includes(&self, letter: &DeadLetter) -> bool {
        match self {
            Self::Id(id) => *id == letter.id,
            Self::All => true,
        }
    }
}

/// Each operation uses a connection of its own. While one runs, another one may not see the messages that it holds.
#[derive(Debug)]
pub struct DeadLetters {
    settings: ConsumerSettings,
}

impl DeadLetters {
    pub fn new(settings: ConsumerSettings) -> Self {
        Self { settings }
    }

    /// The oldest `limit` dead letters, oldest first. They stay where they are.
    pub async fn list(&self, limit: usize) -> Result<Vec<DeadLetter>, BrokerError> {
        let Some(open) = self.open().await? else { return Ok(Vec::new()) };
        let mut letters = Vec::new();
        let mut last = None;
        while letters.len() < limit.min(open.waiting) {
            let Some(message) = self.get(&open).await? else { break };
            letters.push(read(&message));
            last = Some(message);
        }
        self.put_back(last).await?;
        connection::close(&open.connection).await;
        Ok(letters)
    }

    /// Publishes them again for the consumer, and returns how many there were. Each leaves the dead letters when the broker has
    /// confirmed it; after an error, the others are still there.
    pub async fn retry(&self, which: &Which) -> Result<usize, BrokerError> {
        let timeouts = &self.settings.broker.timeouts;
        self.take(which, async |open, letter, properties| {
            let message = Message {
                exchange: PROGRESS_EXCHANGE,
                routing_key: &letter.routing_key,
                properties: unlabelled(properties),
                body: &letter.body,
            };
            Ok(confirmed::publish(&open.channel, message, timeouts).await?)
        })
        .await
    }

    /// Deletes them, and returns how many there were.
    pub async fn drop(&self, which: &Which) -> Result<usize, BrokerError> {
        self.take(which, async |_, _, _| Ok(())).await
    }

    /// Does something with each and acknowledges it. All others go back to their places at the end.
    async fn take(
        &self,
        which: &Which,
        act: impl AsyncFn(&Open, &DeadLetter, &BasicProperties) -> Result<(), BrokerError>,
    ) -> Result<usize, BrokerError> {
        let Some(open) = self.open().await? else { return Ok(0) };
        let mut taken = 0;
        let mut kept = None;
        for _ in 0..open.waiting {
            let Some(message) = self.get(&open).await? else { break };
            let letter = read(&message);
            if !which.includes(&letter) {
                kept = Some(message);
                continue;
            }
            act(&open, &letter, &message.properties).await?;
            within(self.settings.broker.timeouts.publish, message.ack(BasicAckOptions::default())).await?;
            taken += 1;
        }
        self.put_back(kept).await?;
        connection::close(&open.connection).await;
        Ok(taken)
    }

    /// None if there was never a dead letter.
    async fn open(&self) -> Result<Option<Open>, BrokerError> {
        let broker = &self.settings.broker;
        let connection = connection::open(broker, "dead letters").await?;
        let channel = confirmed::open_channel(&connection, &broker.timeouts).await?;
        let queue = self.settings.queue.dead_letter_queue();
        match answer(broker.timeouts.declare, waiting(&channel, &queue)).await? {
            Ok(waiting) => {
                let waiting = usize::try_from(waiting).unwrap_or(usize::MAX);
                Ok(Some(Open { connection, channel, queue, waiting }))
            }
            Err(error) if reply_code(&error) == Some(404) => {
                connection::close(&connection).await;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn get(&self, open: &Open) -> Result<Option<BasicGetMessage>, BrokerError> {
        let getting = open.channel.basic_get(open.queue.as_str().into(), BasicGetOptions::default());
        within(self.settings.broker.timeouts.declare, getting).await
    }

    /// This and all before it that are still held.
    async fn put_back(&self, last: Option<BasicGetMessage>) -> Result<(), BrokerError> {
        let Some(message) = last else { return Ok(()) };
        let options = BasicNackOptions { multiple: true, requeue: true };
        within(self.settings.broker.timeouts.publish, message.nack(options)).await?;
        Ok(())
    }
}

struct Open {
    connection: Connection,
    channel: Channel,
    queue: String,
    /// How many there were at the start: what arrives later is not looked at.
    waiting: usize,
}

fn read(message: &BasicGetMessage) -> DeadLetter {
    let none = FieldTable::default();
    let headers = message.properties.headers().as_ref().unwrap_or(&none);
    let death = last_death(headers);
    let first_of = |key: &str| death.and_then(|death| text(death, key));
    DeadLetter {
        id: message
            .properties
            .message_id()
            .as_ref()
            .map_or_else(|| digest(&message.data), ToString::to_string),
        routing_key: text(headers, ROUTING_KEY)
            .or_else(|| first_of("routing-keys"))
            .unwrap_or_else(|| USUAL_KEY.to_owned()),
        reason: text(headers, REASON).or_else(|| first_of("reason")).unwrap_or_else(|| "unknown".to_owned()),
        body: message.data.clone(),
    }
}

/// What the broker writes down when it dead-letters a message itself: a list, newest first.
fn last_death(headers: &FieldTable) -> Option<&FieldTable> {
    match headers.inner().get("x-death")? {
        AMQPValue::FieldArray(deaths) => match deaths.as_slice().first()? {
            AMQPValue::FieldTable(death) => Some(death),
            _ => None,
        },
        _ => None,
    }
}

/// A text, or the first one of a list.
fn text(table: &FieldTable, key: &str) -> Option<String> {
    let value = match table.inner().get(key)? {
        AMQPValue::FieldArray(values) => values.as_slice().first()?,
        value => value,
    };
    match value {
        AMQPValue::LongString(text) => Some(text.to_string()),
        AMQPValue::ShortString(text) => Some(text.to_string()),
        _ => None,
    }
}

fn digest(body: &[u8]) -> String {
    Sha256::digest(body).iter().take(8).fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Without what dead-lettering has added.
fn unlabelled(properties: &BasicProperties) -> BasicProperties {
    let mut headers = FieldTable::default();
    for (key, value) in properties.headers().iter().flat_map(FieldTable::inner) {
        if !key.as_str().starts_with("x-") && ![REASON, ROUTING_KEY].contains(&key.as_str()) {
            headers.insert(key.clone(), value.clone());
        }
    }
    properties.clone().with_headers(headers).with_delivery_mode(PERSISTENT)
}
