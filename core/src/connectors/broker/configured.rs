//! From `amqp` in the configuration to the broker.

use std::sync::Arc;

use super::{
    BrokerSettings, Consumer, ConsumerSettings, ExchangeDeclaration, Jitter, ProgressQueue, RabbitMq,
    RandomJitter, Timeouts, Tls,
};
use crate::{
    config::{AmqpSettings, LEGACY_QUEUE, Settings},
    context::Context,
};

/// The configured broker, if any. It connects when it is first needed.
pub fn broker(settings: &Settings, context: &Context) -> Option<Arc<RabbitMq>> {
    let amqp = settings.amqp.as_ref()?;
    Some(Arc::new(RabbitMq::new(broker_settings(amqp), jitter(context))))
}

/// Where the install service reports to, if a broker is configured.
pub fn consumer_settings(settings: &Settings) -> Option<ConsumerSettings> {
    let amqp = settings.amqp.as_ref()?;
    let queue = if amqp.queue == LEGACY_QUEUE {
        ProgressQueue::Legacy
    } else {
        let delivery_limit = u16::try_from(amqp.delivery_limit).unwrap_or(u16::MAX);
        ProgressQueue::Durable { name: amqp.queue.clone(), delivery_limit }
    };
    Some(ConsumerSettings { prefetch: amqp.prefetch, ..ConsumerSettings::new(broker_settings(amqp), queue) })
}

/// The consumer of what the install service reports, if a broker is configured. It connects when it runs.
pub fn consumer(settings: &Settings, context: &Context) -> Option<Arc<Consumer>> {
    let settings = consumer_settings(settings)?;
    Some(Arc::new(Consumer::new(settings, jitter(context))))
}

/// Spreads the attempts of several servers.
fn jitter(context: &Context) -> Arc<dyn Jitter> {
    Arc::new(RandomJitter(context.random.clone()))
}

fn broker_settings(amqp: &AmqpSettings) -> BrokerSettings {
    BrokerSettings {
        port: amqp.port,
        vhost: amqp.vhost.clone(),
        tls: amqp.tls.then(|| Tls { ca_file: amqp.ca_file.clone() }),
        install_exchange: if amqp.declare {
            ExchangeDeclaration::Create
        } else {
            ExchangeDeclaration::Expect
        },
        timeouts: Timeouts { confirm: amqp.confirm_timeout, ..Timeouts::default() },
        ..BrokerSettings::new(amqp.host.clone(), amqp.username.clone(), amqp.password.clone())
    }
}
