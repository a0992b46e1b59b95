//! Publishing on one channel, until the broker has confirmed.

use std::time::Duration;

use lapin::{
    BasicProperties, Channel, Confirmation, Connection, Error,
    options::{BasicPublishOptions, ConfirmSelectOptions},
};

use crate::connectors::broker::{
    failure::{BrokerError, reason, reply_code},
    publication::PublishError,
    settings::Timeouts,
};

/// Where a message goes and what it is.
pub(super) struct Message<'a> {
    pub(super) exchange: &'a str,
    pub(super) routing_key: &'a str,
    pub(super) properties: BasicProperties,
    pub(super) body: &'a [u8],
}

/// `delivery_mode` of a message that survives a restart of the broker.
pub(super) const PERSISTENT: u8 = 2;

pub(super) async fn open_channel(
    connection: &Connection,
    timeouts: &Timeouts,
) -> Result<Channel, BrokerError> {
    within(timeouts.declare, async {
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        Ok(channel)
    })
    .await
}

/// The broker's answer, if there is one in time.
pub(super) async fn answer<T>(limit: Duration, asking: impl Future<Output = T>) -> Result<T, BrokerError> {
    let answer = tokio::time::timeout(limit, asking).await;
    answer.map_err(|_| BrokerError("the broker does not answer".to_owned()))
}

/// An operation that succeeds only with an answer in time.
pub(super) async fn within<T>(
    limit: Duration,
    operation: impl Future<Output = Result<T, Error>>,
) -> Result<T, BrokerError> {
    Ok(answer(limit, operation).await??)
}

/// Must not run twice at once on one channel: the library hands a returned message to whichever confirm comes next. After an
/// error other than [`PublishError::Returned`] the channel must not be used again.
pub(super) async fn publish(
    channel: &Channel,
    message: Message<'_>,
    timeouts: &Timeouts,
) -> Result<(), PublishError> {
    let routing_key = message.routing_key.to_owned();
    let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
    let sending = channel.basic_publish(
        message.exchange.into(),
        message.routing_key.into(),
        options,
        message.body,
        message.properties,
    );
    let confirm = match tokio::time::timeout(timeouts.publish, sending).await {
        Ok(sent) => sent.map_err(|error| failed(&error))?,
        Err(_) => return Err(PublishError::TimedOut),
    };
    let confirmation = match tokio::time::timeout(timeouts.confirm, confirm).await {
        Ok(answer) => answer.map_err(|error| failed(&error))?,
        Err(_) => return Err(PublishError::TimedOut),
    };
    match confirmation {
        Confirmation::Ack(None) => Ok(()),
        Confirmation::Ack(Some(returned)) | Confirmation::Nack(Some(returned)) => {
            let code = returned.reply_code;
            Err(PublishError::Returned(format!("nothing is bound for {routing_key} (AMQP {code})")))
        }
        Confirmation::Nack(None) => Err(PublishError::Refused {
            code: None,
            reason: "the broker could not store the message".to_owned(),
        }),
        Confirmation::NotRequested => Err(PublishError::ConnectionLost("no confirm was promised".to_owned())),
    }
}

/// The broker closes the channel instead of taking a message that it refuses; everything else leaves the outcome open.
pub(super) fn failed(error: &Error) -> PublishError {
    match reply_code(error) {
        Some(code) if error.is_amqp_soft_error() => {
            PublishError::Refused { code: Some(code), reason: reason(error) }
        }
        _ => PublishError::ConnectionLost(reason(error)),
    }
}
