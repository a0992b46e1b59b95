//! Sends messages that cannot be used to the dead letters.

use lapin::{
    BasicProperties, Channel, Connection,
    types::{AMQPValue, LongString},
};

use crate::connectors::broker::{
    confirmed::{self, Message, PERSISTENT, answer},
    connection,
    delivery::Delivery,
    failure::BrokerError,
    publication::PublishError,
    settings::{ConsumerSettings, ProgressQueue},
    topology::{DEAD_LETTER_EXCHANGE, declare_dead_letters},
};

/// Headers that tell an operator what happened.
pub(super) const REASON: &str = "stacker-reason";
pub(super) const ROUTING_KEY: &str = "stacker-routing-key";

/// Publishes with a confirm instead of rejecting, for two reasons: the broker's own dead-lettering may lose a message, and it
/// cannot add why. It has its own connection: while the broker is short of memory, it blocks connections that publish, and
/// acknowledgements must still get through.
pub(super) struct DeadLetterPublisher<'a> {
    settings: &'a ConsumerSettings,
    open: Option<(Connection, Channel)>,
}

impl<'a> DeadLetterPublisher<'a> {
    pub(super) fn new(settings: &'a ConsumerSettings) -> Self {
        Self { settings, open: None }
    }

    /// Returns the name of the queue that holds the message now.
    pub(super) async fn publish(
        &mut self,
        delivery: &Delivery,
        properties: &BasicProperties,
        reason: &str,
    ) -> Result<String, PublishError> {
        let queue = self.settings.queue.dead_letter_queue();
        let (connection, channel) = match self.open().await {
            Ok(open) => open,
            Err(error) => return self.without_permission(error),
        };
        let message = Message {
            exchange: DEAD_LETTER_EXCHANGE,
            routing_key: &queue,
            properties: labelled(properties, &delivery.routing_key, reason),
            body: &delivery.body,
        };
        match confirmed::publish(&channel, message, &self.settings.broker.timeouts).await {
            Ok(()) => {
                self.open = Some((connection, channel));
                Ok(queue)
            }
            Err(error) => self.without_permission(error),
        }
    }

    pub(super) async fn close(self) {
        if let Some((connection, _)) = self.open {
            connection::close(&connection).await;
        }
    }

    async fn open(&mut self) -> Result<(Connection, Channel), PublishError> {
        if let Some(open) = self.open.take().filter(|(_, channel)| channel.status().connected()) {
            return Ok(open);
        }
        let broker = &self.settings.broker;
        let unavailable = |BrokerError(reason)| PublishError::Unavailable(reason);
        let connection = connection::open(broker, "dead letters").await.map_err(unavailable)?;
        let channel = confirmed::open_channel(&connection, &broker.timeouts).await.map_err(unavailable)?;
        let declaring = declare_dead_letters(&channel, &self.settings.queue);
        match answer(broker.timeouts.declare, declaring).await.map_err(unavailable)? {
            Ok(()) => Ok((connection, channel)),
            Err(error) => Err(confirmed::failed(&error)),
        }
    }

    /// Version 0.2.1 needed no permission for dead letters and threw such messages away; where its queue is used, that must
    /// still be possible.
    fn without_permission(&self, error: PublishError) -> Result<String, PublishError> {
        let forbidden = matches!(error, PublishError::Refused { code: Some(403), .. });
        if forbidden && self.settings.queue == ProgressQueue::Legacy {
            return Ok("nowhere: the broker allows no queue of dead letters".to_owned());
        }
        Err(error)
    }
}

fn labelled(properties: &BasicProperties, routing_key: &str, reason: &str) -> BasicProperties {
    let mut headers = properties.headers().clone().unwrap_or_default();
    headers.insert(REASON.into(), AMQPValue::LongString(LongString::from(reason)));
    headers.insert(ROUTING_KEY.into(), AMQPValue::LongString(LongString::from(routing_key)));
    properties.clone().with_headers(headers).with_delivery_mode(PERSISTENT)
}
