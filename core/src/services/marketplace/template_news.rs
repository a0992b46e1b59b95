//! The way of reviewers' decisions to the User Service, through the outbox.
//!
//! Every decision is a message of its own, and those about one template are delivered in order. So a rejection neither replaces nor
//! overtakes an approval that still waits.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, anyhow};
use async_trait::async_trait;
use chrono::TimeDelta;
use domain::marketplace::Webhook;
use secrecy::SecretSlice;
use sqlx::PgConnection;
use tokio::sync::Notify;

use crate::{
    connectors::marketplace_webhook::MarketplaceWebhook,
    context::Context,
    crypto::KeyRing,
    db::outbox::{self as table, Message},
    outbox::{self, AfterInterruption, Destination, Outbox, Outgoing, Undelivered},
};

const MARKETPLACE: &str = "marketplace";
/// Added to the time limit of the request.
const MARGIN: TimeDelta = TimeDelta::seconds(20);

/// Cheap to clone.
#[derive(Clone, Debug)]
pub struct TemplateNews {
    /// `None`: the User Service is told nothing.
    webhook: Option<Arc<dyn MarketplaceWebhook>>,
    delivery_may_take: TimeDelta,
    keyring: Arc<KeyRing>,
    context: Context,
    /// Notified when this server puts a message into the outbox.
    news: Arc<Notify>,
}

impl TemplateNews {
    /// `timeout`: of one request.
    pub fn new(
        webhook: Option<Arc<dyn MarketplaceWebhook>>,
        timeout: Duration,
        keyring: Arc<KeyRing>,
        context: Context,
    ) -> Self {
        let timeout = TimeDelta::from_std(timeout).unwrap_or(TimeDelta::hours(1));
        Self { webhook, delivery_may_take: timeout + MARGIN, keyring, context, news: Arc::default() }
    }

    /// Queues a decision, in the transaction that makes it. That transaction must have locked the template. Does nothing, except for
    /// a warning, if no webhook is configured.
    pub async fn announce(&self, connection: &mut PgConnection, webhook: &Webhook) -> anyhow::Result<()> {
        let template = webhook.template_id().to_string();
        if self.webhook.is_none() {
            tracing::warn!(
                template = template.as_str(),
                "the User Service is not told about a template: no webhook is configured"
            );
            return Ok(());
        }
        let body = webhook.to_json().map_err(|_| anyhow!("writing a message about a template"))?;
        let subject = format!("{template}/{}", self.context.random.uuid_v4());
        let message = Outgoing {
            destination: MARKETPLACE,
            subject: &subject,
            payload: body.as_bytes(),
            expires_at: None,
        };
        let queued = outbox::put_in_order(connection, &self.keyring, &self.context, message, &template).await;
        queued.context("queueing a message about a template")?;
        self.news.notify_one();
        Ok(())
    }
}

#[async_trait]
impl Destination for TemplateNews {
    fn name(&self) -> &'static str {
        MARKETPLACE
    }

    fn is_configured(&self) -> bool {
        self.webhook.is_some()
    }

    fn delivery_may_take(&self) -> TimeDelta {
        self.delivery_may_take
    }

    async fn news(&self) {
        self.news.notified().await;
    }

    async fn deliver(&self, _: &Message, payload: SecretSlice<u8>) -> Result<(), Undelivered> {
        let Some(webhook) = &self.webhook else { return Err(Undelivered::Later("no webhook".to_owned())) };
        webhook.send(outbox::text(&payload)?).await.map_err(|error| {
            let reason = error.to_string();
            if error.may_pass() { Undelivered::Later(reason) } else { Undelivered::Never(reason) }
        })
    }

    async fn delivered(&self, outbox: Outbox<'_>, message: &Message) -> anyhow::Result<()> {
        let mut transaction = outbox.pool.begin().await?;
        table::delete(&mut transaction, message.id).await?;
        Ok(transaction.commit().await?)
    }

    /// Nobody waits for it.
    async fn waits(&self, _: &mut PgConnection, _: &Message) -> anyhow::Result<()> {
        Ok(())
    }

    /// The log says so. The next decision about the template is sent in any case.
    async fn given_up(&self, _: &mut PgConnection, _: &Message, _: &Undelivered) -> anyhow::Result<()> {
        Ok(())
    }

    /// The User Service stores the same again.
    fn after_interruption(&self) -> AfterInterruption {
        AfterInterruption::Repeat
    }

    fn max_attempts(&self) -> Option<i32> {
        None
    }
}
