//! Telling the User Service what reviewers decided about templates.
//!
//! - [`MarketplaceWebhook`]: sends one body once; when to send it again is the outbox's decision
//! - [`MarketplaceWebhookClient`] sends; [`FakeMarketplaceWebhook`] is for tests

mod client;
mod configured;
mod error;
mod fake;
#[cfg(test)]
mod tests;

use std::fmt::Debug;

use async_trait::async_trait;

pub use client::{MarketplaceWebhookClient, MarketplaceWebhookSettings};
pub use configured::marketplace_webhook;
pub use error::WebhookError;
pub use fake::FakeMarketplaceWebhook;

#[async_trait]
pub trait MarketplaceWebhook: Debug + Send + Sync {
    /// `body`: JSON, as `domain::marketplace::Webhook` writes it.
    async fn send(&self, body: &str) -> Result<(), WebhookError>;
}
