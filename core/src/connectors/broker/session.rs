//! Consumption on one connection, until that ends.

use std::{panic::AssertUnwindSafe, pin::pin, time::Duration};

use futures::{FutureExt as _, StreamExt as _};
use lapin::{
    Acker, BasicProperties, Channel, Connection,
    options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions},
    types::FieldTable,
};
use tokio_util::sync::CancellationToken;

use crate::connectors::broker::{
    backoff::{Backoff, Jitter},
    confirmed::within,
    connection,
    delivery::{Delivery, Outcome, ProgressHandler},
    failure::BrokerError,
    metrics::ConsumerMetrics,
    poison::DeadLetterPublisher,
    settings::ConsumerSettings,
    topology,
};

/// As version 0.2.1 calls itself.
const CONSUMER_TAG: &str = "console_listener";
/// The most messages that are handled together.
const TOGETHER: usize = 50;
/// A message that takes longer to handle does not keep those before it from being acknowledged.
const QUICK: Duration = Duration::from_millis(10);
/// How long a message may be handled after the stop.
const GRACE: Duration = Duration::from_secs(1);
/// A message that comes back this often after the handler has panicked is given up.
const PANICS_TOLERATED: u64 = 2;

/// Why a session has ended.
#[derive(Debug)]
pub(super) enum Ended {
    Stopped,
    Failed(String),
}

impl From<BrokerError> for Ended {
    fn from(error: BrokerError) -> Self {
        Self::Failed(error.0)
    }
}

pub(super) struct Session<'a> {
    settings: &'a ConsumerSettings,
    jitter: &'a dyn Jitter,
    metrics: &'a ConsumerMetrics,
    connection: &'a Connection,
    channel: Channel,
    deliveries: lapin::Consumer,
    dead_letters: DeadLetterPublisher<'a>,
    handled: Handled,
}

/// Messages that are handled and not yet acknowledged. Messages are handled in the order of their tags, so acknowledging the
/// last one acknowledges all.
#[derive(Default)]
struct Handled {
    last: Option<Acker>,
    count: u16,
}

/// A message while it is handled.
struct Received {
    delivery: Delivery,
    properties: BasicProperties,
    acker: Acker,
}

impl<'a> Session<'a> {
    /// Declares everything and asks for messages.
    pub(super) async fn begin(
        connection: &'a Connection,
        settings: &'a ConsumerSettings,
        jitter: &'a dyn Jitter,
        metrics: &'a ConsumerMetrics,
    ) -> Result<Self, BrokerError> {
        let (channel, deliveries) = within(settings.broker.timeouts.declare, async {
            let channel = connection.create_channel().await?;
            channel.basic_qos(settings.prefetch.max(1), BasicQosOptions::default()).await?;
            topology::declare_progress(&channel, &settings.queue).await?;
            let queue = settings.queue.name().into();
            let options = BasicConsumeOptions::default();
            let arguments = FieldTable::default();
            let deliveries = channel.basic_consume(queue, CONSUMER_TAG.into(), options, arguments).await?;
            Ok((channel, deliveries))
        })
        .await?;
        let dead_letters = DeadLetterPublisher::new(settings);
        let handled = Handled::default();
        Ok(Self { settings, jitter, metrics, connection, channel, deliveries, dead_letters, handled })
    }

    /// Ends the connection too.
    pub(super) async fn run(mut self, handler: &dyn ProgressHandler, stop: &CancellationToken) -> Ended {
        let ended = loop {
            if let Err(ended) = self.next_ones(handler, stop).await {
                break ended;
            }
        };
        // What was handled should not come back; if the connection is gone, it will.
        let _ = self.acknowledge().await;
        // Before the consumer is dropped, which would cancel it: the broker would then activate another one first and give it the
        // messages that this one has not handled last, out of order.
        connection::close(self.connection).await;
        self.dead_letters.close().await;
        ended
    }

    /// Waits for a message, and handles it together with those that have arrived behind it.
    async fn next_ones(
        &mut self,
        handler: &dyn ProgressHandler,
        stop: &CancellationToken,
    ) -> Result<(), Ended> {
        let mut messages = vec![self.next(stop).await?];
        let mut ended = None;
        while messages.len() < TOGETHER
            && let Some(next) = self.deliveries.next().now_or_never()
        {
            match self.received(next) {
                Ok(message) => messages.push(message),
                Err(error) => {
                    // Those that have arrived are settled first.
                    ended = Some(error);
                    break;
                }
            }
        }
        if messages.len() > 1 && self.ask_together(handler, &messages, stop).await? {
            for message in messages {
                self.metrics.consumed();
                self.handled(message.acker).await?;
            }
        } else {
            for message in messages {
                self.settle(message, handler, stop).await?;
            }
        }
        ended.map_or(Ok(()), Err)
    }

    /// The next message; those handled are acknowledged before it is waited for.
    async fn next(&mut self, stop: &CancellationToken) -> Result<Received, Ended> {
        if stop.is_cancelled() {
            return Err(Ended::Stopped);
        }
        let next = match self.deliveries.next().now_or_never() {
            Some(next) => next,
            None => {
                self.acknowledge().await?;
                tokio::select! {
                    () = stop.cancelled() => return Err(Ended::Stopped),
                    next = self.deliveries.next() => next,
                }
            }
        };
        self.received(next)
    }

    /// What the broker has sent; `None`: it sends nothing more.
    fn received(
        &self,
        next: Option<Result<lapin::message::Delivery, lapin::Error>>,
    ) -> Result<Received, Ended> {
        match next {
            Some(Ok(mut message)) => {
                let delivery = Delivery::of(&mut message);
                if delivery.redelivered {
                    self.metrics.redelivered();
                }
                Ok(Received { delivery, properties: message.properties, acker: message.acker })
            }
            Some(Err(error)) => Err(BrokerError::from(error).into()),
            None if self.channel.status().connected() => {
                Err(Ended::Failed("the queue was deleted".to_owned()))
            }
            None => Err(lost()),
        }
    }

    /// Whether all of these messages are handled. Otherwise none is.
    async fn ask_together(
        &mut self,
        handler: &dyn ProgressHandler,
        messages: &[Received],
        stop: &CancellationToken,
    ) -> Result<bool, Ended> {
        let deliveries: Vec<_> = messages.iter().map(|message| &message.delivery).collect();
        // After a panic each is asked about by itself, so that only the one to blame is given up.
        let asking = AssertUnwindSafe(handler.handle_together(&deliveries)).catch_unwind();
        Ok(self.while_handled(asking, stop).await?.unwrap_or(false))
    }

    /// Handles one message to its end. While it waits for another try, those behind it wait too.
    async fn settle(
        &mut self,
        message: Received,
        handler: &dyn ProgressHandler,
        stop: &CancellationToken,
    ) -> Result<(), Ended> {
        let mut backoff = Backoff::new(self.settings.retry, self.jitter);
        let mut poison = None;
        loop {
            if poison.is_none() {
                match self.ask(handler, &message.delivery, stop).await? {
                    Outcome::Done => {
                        self.metrics.consumed();
                        return self.handled(message.acker).await;
                    }
                    Outcome::Retry(reason) => self.will_retry(&message.delivery, &reason),
                    Outcome::Poison(reason) => poison = Some(reason),
                }
            }
            if let Some(reason) = &poison
                && self.dead_letter(&message, reason).await
            {
                self.metrics.dead_lettered();
                return self.handled(message.acker).await;
            }
            self.acknowledge().await?;
            tokio::select! {
                () = stop.cancelled() => return Err(Ended::Stopped),
                () = tokio::time::sleep(backoff.next()) => {}
            }
            // Somebody else may have received it meanwhile.
            if !self.channel.status().connected() {
                return Err(lost());
            }
        }
    }

    /// What the handler says, if it comes to an end.
    async fn ask(
        &mut self,
        handler: &dyn ProgressHandler,
        delivery: &Delivery,
        stop: &CancellationToken,
    ) -> Result<Outcome, Ended> {
        let asking = AssertUnwindSafe(handler.handle(delivery)).catch_unwind();
        self.while_handled(asking, stop).await?.or_else(|_| after_a_panic(delivery))
    }

    /// Waits for the handler, until it would delay the stop. If it takes long, the messages before are acknowledged meanwhile.
    async fn while_handled<T>(
        &mut self,
        asking: impl Future<Output = T>,
        stop: &CancellationToken,
    ) -> Result<T, Ended> {
        let mut asking = pin!(asking);
        if let Ok(asked) = tokio::time::timeout(QUICK, &mut asking).await {
            return Ok(asked);
        }
        self.acknowledge().await?;
        let out_of_time = async {
            stop.cancelled().await;
            tokio::time::sleep(GRACE).await;
        };
        tokio::select! {
            asked = asking => Ok(asked),
            () = out_of_time => Err(Ended::Stopped),
        }
    }

    fn will_retry(&self, delivery: &Delivery, reason: &str) {
        self.metrics.retried();
        let queue = self.settings.queue.name();
        tracing::debug!(queue, message_id = delivery.message_id, reason, "a progress message is tried again");
    }

    /// Whether the message is now a dead letter.
    async fn dead_letter(&mut self, message: &Received, reason: &str) -> bool {
        let Received { delivery, properties, .. } = message;
        let queue = self.settings.queue.name();
        match self.dead_letters.publish(delivery, properties, reason).await {
            Ok(to) => {
                tracing::warn!(
                    queue,
                    to,
                    routing_key = delivery.routing_key,
                    message_id = delivery.message_id,
                    reason,
                    "a progress message cannot be used"
                );
                true
            }
            Err(error) => {
                tracing::debug!(queue, error = %error, "a dead letter waits for the broker");
                false
            }
        }
    }

    async fn handled(&mut self, acker: Acker) -> Result<(), Ended> {
        self.handled.last = Some(acker);
        self.handled.count += 1;
        // The broker must not run out of messages to send ahead.
        if self.handled.count > self.settings.prefetch / 2 {
            self.acknowledge().await?;
        }
        Ok(())
    }

    async fn acknowledge(&mut self) -> Result<(), Ended> {
        let Handled { last: Some(acker), .. } = std::mem::take(&mut self.handled) else { return Ok(()) };
        let limit = self.settings.broker.timeouts.publish;
        match within(limit, acker.ack(BasicAckOptions { multiple: true })).await? {
            true => Ok(()),
            false => Err(lost()),
        }
    }
}

fn lost() -> Ended {
    Ended::Failed("the connection to the broker was lost".to_owned())
}

/// The message comes back on another connection, and its handler may have more luck then.
fn after_a_panic(delivery: &Delivery) -> Result<Outcome, Ended> {
    let unknown = if delivery.redelivered { PANICS_TOLERATED } else { 0 };
    if delivery.delivery_count.unwrap_or(unknown) >= PANICS_TOLERATED {
        return Ok(Outcome::Poison("its handler panics".to_owned()));
    }
    Err(Ended::Failed("the handler of a progress message panicked".to_owned()))
}
