//! Publishes to RabbitMQ.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use lapin::{BasicProperties, Channel, Connection};
use secrecy::ExposeSecret as _;
use tokio::sync::{Mutex, watch};
use tokio_util::task::TaskTracker;

use crate::connectors::broker::{
    backoff::Jitter,
    confirmed::{self, Message, PERSISTENT, answer},
    failure::{BrokerError, reason, reply_code},
    link::{BLOCKED, Link},
    publication::{Broker, Publication, PublishError},
    settings::{BrokerSettings, Timeouts},
    state::BrokerState,
    topology,
};

/// Stopping takes no longer than this, whatever the broker does.
const STOPPING_MAY_TAKE: Duration = Duration::from_millis(1500);

/// One connection, opened when the first message is published and kept open from then on.
#[derive(Debug)]
pub struct RabbitMq {
    link: Arc<Link>,
    jitter: Arc<dyn Jitter>,
    started: AtomicBool,
    tasks: TaskTracker,
    /// Held while a message is published: the library hands a returned message to whichever confirm comes next.
    channel: Mutex<Option<Open>>,
}

/// A channel that confirms, and the exchanges that were declared on it.
#[derive(Debug)]
struct Open {
    channel: Channel,
    declared: HashSet<String>,
}

impl RabbitMq {
    pub fn new(settings: BrokerSettings, jitter: Arc<dyn Jitter>) -> Self {
        Self {
            link: Arc::new(Link::new(settings)),
            jitter,
            started: AtomicBool::new(false),
            tasks: TaskTracker::new(),
            channel: Mutex::new(None),
        }
    }

    /// Connects now instead of with the first message, so that the state says whether the broker is there. Needs a Tokio runtime.
    pub fn connect(&self) {
        if self.link.stop.is_cancelled() || self.started.swap(true, Ordering::SeqCst) {
            return;
        }
        let (link, jitter) = (self.link.clone(), self.jitter.clone());
        self.tasks.spawn(async move { link.keep_open(&*jitter).await });
    }

    /// Ends the connection within two seconds. Nothing is published afterwards.
    pub async fn close(&self) {
        self.link.stop.cancel();
        self.tasks.close();
        let _ = tokio::time::timeout(STOPPING_MAY_TAKE, self.tasks.wait()).await;
    }

    /// The connection; only the first attempt is waited for.
    async fn connection(&self) -> Result<Arc<Connection>, PublishError> {
        if self.link.stop.is_cancelled() {
            return Err(PublishError::Unavailable("this server stops".to_owned()));
        }
        self.connect();
        let mut states = self.link.state.subscribe();
        let state = tokio::select! {
            () = self.link.stop.cancelled() => BrokerState::NeverTried,
            tried = states.wait_for(|state| *state != BrokerState::NeverTried) => {
                tried.map(|state| state.clone()).unwrap_or_default()
            }
        };
        match self.link.connection() {
            // A blocked connection would hold the message back and deliver it after the caller has given up.
            Some(connection) if connection.status().blocked() => {
                Err(PublishError::Unavailable(BLOCKED.to_owned()))
            }
            Some(connection) => Ok(connection),
            None => {
                let reason = state.reason().unwrap_or("the connection was lost a moment ago");
                Err(PublishError::Unavailable(reason.to_owned()))
            }
        }
    }

    fn timeouts(&self) -> &Timeouts {
        &self.link.settings.timeouts
    }

    /// The channel that is open, or a new one.
    async fn open(&self, known: Option<Open>) -> Result<Open, PublishError> {
        let connection = self.connection().await?;
        if let Some(open) = known.filter(|open| open.channel.status().connected()) {
            return Ok(open);
        }
        match confirmed::open_channel(&connection, self.timeouts()).await {
            Ok(channel) => Ok(Open { channel, declared: HashSet::new() }),
            Err(BrokerError(reason)) => {
                self.link.does_not_answer();
                Err(PublishError::Unavailable(reason))
            }
        }
    }

    async fn declare(&self, open: &mut Open, exchange: &str) -> Result<(), PublishError> {
        if open.declared.contains(exchange) {
            return Ok(());
        }
        let declaring =
            topology::declare_exchange(&open.channel, exchange, self.link.settings.install_exchange);
        match answer(self.timeouts().declare, declaring).await {
            Ok(Ok(())) => {
                open.declared.insert(exchange.to_owned());
                Ok(())
            }
            Ok(Err(error)) if error.is_amqp_soft_error() => {
                let reason = format!("exchange {exchange}: {}", reason(&error));
                Err(PublishError::Refused { code: reply_code(&error), reason })
            }
            Ok(Err(error)) => Err(PublishError::Unavailable(reason(&error))),
            Err(BrokerError(reason)) => {
                self.link.does_not_answer();
                Err(PublishError::Unavailable(reason))
            }
        }
    }
}

#[async_trait]
impl Broker for RabbitMq {
    async fn publish(&self, publication: Publication) -> Result<(), PublishError> {
        let mut slot = self.channel.lock().await;
        // Taken out, so that a caller who gives up leaves no channel with an open confirm behind.
        let mut open = self.open(slot.take()).await?;
        self.declare(&mut open, &publication.exchange).await?;
        let properties = BasicProperties::default()
            .with_content_type("application/json".into())
            .with_delivery_mode(PERSISTENT)
            .with_message_id(publication.message_id.as_str().into());
        let message = Message {
            exchange: &publication.exchange,
            routing_key: &publication.routing_key,
            properties,
            body: publication.body.expose_secret(),
        };
        let published = confirmed::publish(&open.channel, message, self.timeouts()).await;
        if matches!(published, Ok(()) | Err(PublishError::Returned(_))) {
            *slot = Some(open);
        }
        published
    }

    fn state(&self) -> watch::Receiver<BrokerState> {
        self.link.state.subscribe()
    }
}
