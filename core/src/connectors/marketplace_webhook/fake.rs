//! A User Service that answers as told, for tests.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;

use super::{MarketplaceWebhook, WebhookError};

/// Accepts everything, except for what it was told to answer.
#[derive(Debug, Default)]
pub struct FakeMarketplaceWebhook {
    answers: Mutex<VecDeque<WebhookError>>,
    received: Mutex<Vec<String>>,
}

impl FakeMarketplaceWebhook {
    /// Sets what the next attempt gets that has no answer yet.
    pub fn then_fails_with(&self, error: WebhookError) {
        lock(&self.answers).push_back(error);
    }

    /// The bodies that it accepted.
    pub fn received(&self) -> Vec<String> {
        lock(&self.received).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl MarketplaceWebhook for FakeMarketplaceWebhook {
    async fn send(&self, body: &str) -> Result<(), WebhookError> {
        if let Some(error) = lock(&self.answers).pop_front() {
            return Err(error);
        }
        lock(&self.received).push(body.to_owned());
        Ok(())
    }
}
