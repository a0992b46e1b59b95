//! From `connectors.marketplace_webhook` in the configuration to the sender.

use std::sync::Arc;

use anyhow::Context as _;

use super::{MarketplaceWebhook, MarketplaceWebhookClient, MarketplaceWebhookSettings};
use crate::config::Settings;

/// `None`: the address or the token is not set, so the User Service is told nothing.
pub fn marketplace_webhook(settings: &Settings) -> anyhow::Result<Option<Arc<dyn MarketplaceWebhook>>> {
    let configured = settings.connectors.marketplace_webhook.clone();
    let Some((base_url, token)) = configured.base_url.zip(configured.token) else { return Ok(None) };
    let settings = MarketplaceWebhookSettings { base_url, token, timeout: configured.timeout };
    let client = MarketplaceWebhookClient::new(settings);
    Ok(Some(Arc::new(client.context("preparing to tell the User Service about templates")?)))
}
