//! The exchanges and queues: their names, and the arguments that they are declared with.
//!
//! Arguments of a queue that exists cannot be changed: a change here needs a queue of another name.

use lapin::{
    Channel, Error, ExchangeKind,
    options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions},
    types::{AMQPValue, FieldTable, LongString},
};

use crate::connectors::broker::settings::{ExchangeDeclaration, ProgressQueue};

/// Where the install service reports to.
pub const PROGRESS_EXCHANGE: &str = "install_progress";
/// Where messages go that no consumer can use; the routing key is the name of the queue of dead letters.
pub const DEAD_LETTER_EXCHANGE: &str = "install_progress.dead";

/// `install.progress.` and three words: who runs the installer, and two that are `all` today.
const PROGRESS_KEYS: &str = "install.progress.*.*.*";
/// The broker deletes a queue that has no consumers for this time (one hour, in milliseconds).
const LEGACY_EXPIRES: i32 = 3_600_000;
/// The oldest dead letters are dropped beyond this number.
const DEAD_LETTERS_KEPT: i32 = 10_000;

pub(super) async fn declare_exchange(
    channel: &Channel,
    exchange: &str,
    declaration: ExchangeDeclaration,
) -> Result<(), Error> {
    let options = match declaration {
        ExchangeDeclaration::Expect => {
            ExchangeDeclareOptions { passive: true, ..ExchangeDeclareOptions::default() }
        }
        ExchangeDeclaration::Create => {
            ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() }
        }
    };
    channel.exchange_declare(exchange.into(), ExchangeKind::Topic, options, FieldTable::default()).await
}

/// The exchange, the queue and, for a durable one, the queue of its dead letters.
pub(super) async fn declare_progress(channel: &Channel, queue: &ProgressQueue) -> Result<(), Error> {
    declare_exchange(channel, PROGRESS_EXCHANGE, ExchangeDeclaration::Create).await?;
    let (options, arguments) = match queue {
        ProgressQueue::Legacy => {
            let options = QueueDeclareOptions { auto_delete: true, ..QueueDeclareOptions::default() };
            (options, table([("x-expires", AMQPValue::LongInt(LEGACY_EXPIRES))]))
        }
        ProgressQueue::Durable { delivery_limit, .. } => {
            declare_dead_letters(channel, queue).await?;
            (durable(), durable_arguments(queue, *delivery_limit))
        }
    };
    channel.queue_declare(queue.name().into(), options, arguments).await?;
    bind(channel, queue.name(), PROGRESS_EXCHANGE, PROGRESS_KEYS).await
}

fn durable_arguments(queue: &ProgressQueue, delivery_limit: u16) -> FieldTable {
    table([
        ("x-queue-type", text("quorum")),
        ("x-single-active-consumer", AMQPValue::Boolean(true)),
        ("x-delivery-limit", AMQPValue::LongInt(delivery_limit.into())),
        ("x-dead-letter-exchange", text(DEAD_LETTER_EXCHANGE)),
        ("x-dead-letter-routing-key", text(&queue.dead_letter_queue())),
    ])
}

/// Not a quorum queue: reading its messages and putting them back would count as deliveries, and change their order.
pub(super) async fn declare_dead_letters(channel: &Channel, queue: &ProgressQueue) -> Result<(), Error> {
    let options = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
    let exchange = DEAD_LETTER_EXCHANGE.into();
    channel.exchange_declare(exchange, ExchangeKind::Direct, options, FieldTable::default()).await?;
    let name = queue.dead_letter_queue();
    let arguments = table([("x-max-length", AMQPValue::LongInt(DEAD_LETTERS_KEPT))]);
    channel.queue_declare(name.as_str().into(), durable(), arguments).await?;
    bind(channel, &name, DEAD_LETTER_EXCHANGE, &name).await
}

/// How many messages wait in a queue that exists.
pub(super) async fn waiting(channel: &Channel, queue: &str) -> Result<u32, Error> {
    let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
    let declared = channel.queue_declare(queue.into(), options, FieldTable::default()).await?;
    Ok(declared.message_count())
}

async fn bind(channel: &Channel, queue: &str, exchange: &str, key: &str) -> Result<(), Error> {
    let options = QueueBindOptions::default();
    channel.queue_bind(queue.into(), exchange.into(), key.into(), options, FieldTable::default()).await
}

fn durable() -> QueueDeclareOptions {
    QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() }
}

fn text(text: &str) -> AMQPValue {
    AMQPValue::LongString(LongString::from(text))
}

fn table<const N: usize>(entries: [(&str, AMQPValue); N]) -> FieldTable {
    let mut table = FieldTable::default();
    for (key, value) in entries {
        table.insert(key.into(), value);
    }
    table
}
