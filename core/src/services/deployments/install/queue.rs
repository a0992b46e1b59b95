//! The way of a deployment to the install service: the outbox, and from there the broker.

use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::{Context as _, anyhow};
use async_trait::async_trait;
use chrono::TimeDelta;
use domain::{
    api::{Happened, RevisionOutcome},
    callback::CallbackEvent,
    deploy::DeploymentStatus,
};
use secrecy::{ExposeSecret as _, SecretSlice};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use tokio::sync::Notify;

use crate::{
    config::AmqpSettings,
    connectors::broker::{Broker, BrokerState, Publication},
    context::Context,
    crypto::KeyRing,
    db::{
        deployments::{self, deployment_events, deployment_revisions, install},
        outbox::{self as table, Message},
    },
    outbox::{self, AfterInterruption, Destination, Outbox, Outgoing, Undelivered},
    services::callbacks::events::{self as callbacks, Told},
};

const EXCHANGE: &str = "install";
const INSTALL: &str = "install";
/// Longer than connecting, publishing and the confirm together.
const DELIVERY_MAY_TAKE: TimeDelta = TimeDelta::seconds(90);

/// What waits in the outbox.
#[derive(Serialize, Deserialize)]
struct Waiting<'a> {
    routing_key: Cow<'a, str>,
    /// JSON.
    body: Cow<'a, str>,
}

/// Cheap to clone.
#[derive(Clone, Debug)]
pub struct InstallQueue {
    /// `None`: no broker is configured.
    broker: Option<Arc<dyn Broker>>,
    max_attempts: i32,
    unsaved_secrets: TimeDelta,
    context: Context,
    /// Notified when this server puts a message into the outbox.
    news: Arc<Notify>,
    /// Whether the broker could not be reached since [`Destination::returns`] has returned.
    was_down: Arc<AtomicBool>,
}

impl InstallQueue {
    pub fn new(broker: Option<Arc<dyn Broker>>, settings: Option<&AmqpSettings>, context: Context) -> Self {
        Self {
            broker,
            max_attempts: settings.map_or(i32::MAX, |settings| settings.max_attempts),
            unsaved_secrets: settings.map_or(TimeDelta::hours(1), |settings| settings.unsaved_secrets),
            context,
            news: Arc::default(),
            was_down: Arc::default(),
        }
    }

    pub fn broker(&self) -> Option<&Arc<dyn Broker>> {
        self.broker.as_ref()
    }

    /// Queues a deployment, in the transaction that creates it.
    pub(in crate::services::deployments) async fn put(
        &self,
        connection: &mut PgConnection,
        keyring: &KeyRing,
        deployment_hash: &str,
        routing_key: &str,
        body: &str,
        keeps: KeepsSecrets,
    ) -> anyhow::Result<()> {
        let waiting = Waiting { routing_key: routing_key.into(), body: body.into() };
        let payload = serde_json::to_vec(&waiting).map_err(|_| anyhow!("writing an install message"))?;
        let expires_at = match keeps {
            KeepsSecrets::Always => None,
            KeepsSecrets::ForAWhile => Some(self.context.clock.now() + self.unsaved_secrets),
        };
        let message =
            Outgoing { destination: INSTALL, subject: deployment_hash, payload: &payload, expires_at };
        outbox::put(connection, keyring, &self.context, message).await.context("queueing a deployment")
    }

    /// Deletes the message of a deployment if no server has begun to send it.
    pub(in crate::services::deployments) async fn take_back(
        &self,
        connection: &mut PgConnection,
        deployment_hash: &str,
    ) -> anyhow::Result<bool> {
        table::take_back(connection, INSTALL, deployment_hash).await
    }

    /// Called after the transaction has committed.
    pub(in crate::services::deployments) fn wake(&self) {
        self.news.notify_one();
    }
}

/// How long a waiting message may hold its credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services::deployments) enum KeepsSecrets {
    /// They are stored with a cloud anyway, or there are none.
    Always,
    ForAWhile,
}

#[async_trait]
impl Destination for InstallQueue {
    fn name(&self) -> &'static str {
        INSTALL
    }

    fn is_configured(&self) -> bool {
        self.broker.is_some()
    }

    fn delivery_may_take(&self) -> TimeDelta {
        DELIVERY_MAY_TAKE
    }

    async fn news(&self) {
        self.news.notified().await;
    }

    async fn returns(&self) {
        let Some(broker) = &self.broker else { return std::future::pending().await };
        let mut states = broker.state();
        loop {
            match &*states.borrow_and_update() {
                BrokerState::Down { .. } => self.was_down.store(true, Ordering::Relaxed),
                BrokerState::Connected { .. } if self.was_down.swap(false, Ordering::Relaxed) => return,
                BrokerState::Connected { .. } | BrokerState::NeverTried => {}
            }
            if states.changed().await.is_err() {
                return std::future::pending().await;
            }
        }
    }

    async fn deliver(&self, message: &Message, payload: SecretSlice<u8>) -> Result<(), Undelivered> {
        let Some(broker) = &self.broker else { return Err(Undelivered::Later("no broker".to_owned())) };
        let waiting: Waiting<'_> = serde_json::from_slice(payload.expose_secret())
            .map_err(|_| Undelivered::Never("the sealed message is not an install message".to_owned()))?;
        let publication = Publication {
            exchange: EXCHANGE.to_owned(),
            routing_key: waiting.routing_key.into_owned(),
            message_id: message.id.to_string(),
            body: waiting.body.into_owned().into_bytes().into(),
        };
        broker.publish(publication).await.map_err(|error| {
            let reason = error.to_string();
            if error.may_have_arrived() { Undelivered::Unsure(reason) } else { Undelivered::Later(reason) }
        })
    }

    async fn delivered(&self, outbox: Outbox<'_>, message: &Message) -> anyhow::Result<()> {
        let mut transaction = outbox.pool.begin().await?;
        table::delete(&mut transaction, message.id).await?;
        if message.attempts > 0 {
            // Pages show no longer that it waits.
            self.announce(&mut transaction, &message.subject).await?;
        }
        Ok(transaction.commit().await?)
    }

    async fn waits(&self, connection: &mut PgConnection, message: &Message) -> anyhow::Result<()> {
        if self.broker.as_ref().is_some_and(|broker| broker.state().borrow().reason().is_some()) {
            self.was_down.store(true, Ordering::Relaxed);
        }
        if message.attempts > 0 {
            return Ok(());
        }
        self.announce(connection, &message.subject).await
    }

    async fn given_up(
        &self,
        connection: &mut PgConnection,
        message: &Message,
        why: &Undelivered,
    ) -> anyhow::Result<()> {
        let now = self.context.clock.now();
        let Some(deployment) = deployments::find_locked_by_hash(connection, &message.subject).await? else {
            return Ok(());
        };
        if deployment.status != DeploymentStatus::Pending {
            return Ok(());
        }
        let text = match why {
            Undelivered::Unsure(reason) => format!(
                "It is not known whether the install service received this deployment: {reason}. If nothing happens within some minutes, look at your provider for a new machine before you deploy again."
            ),
            Undelivered::Later(reason) | Undelivered::Never(reason) => {
                format!("The deployment was not sent to the install service: {reason}")
            }
        };
        install::set_message(connection, deployment.id, &text).await?;
        if !matches!(why, Undelivered::Unsure(_)) {
            let status = DeploymentStatus::Failed;
            deployments::set_state(connection, deployment.id, status, None, now).await?;
            let failed = RevisionOutcome::Failed;
            deployment_revisions::end(connection, deployment.id, 1, failed, Some(&text), now).await?;
            let told = Told::status(status).because(Some(&text));
            let failed = CallbackEvent::DeploymentFailed;
            callbacks::deployment(connection, &deployment.hash, failed, told, now).await?;
            let event = Happened::Deployment { status, running_revision: None };
            deployment_events::append(connection, &deployment.hash, &event, now).await?;
        }
        self.announce(connection, &deployment.hash).await
    }

    fn max_attempts(&self) -> Option<i32> {
        Some(self.max_attempts)
    }

    /// A second message would create a second machine.
    fn after_interruption(&self) -> AfterInterruption {
        AfterInterruption::GiveUp
    }
}

impl InstallQueue {
    /// Tells the pages what is known now.
    async fn announce(&self, connection: &mut PgConnection, hash: &str) -> anyhow::Result<()> {
        let event = Happened::Install { state: install::state(connection, hash).await? };
        deployment_events::append(connection, hash, &event, self.context.clock.now()).await
    }
}
