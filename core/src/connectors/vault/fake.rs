//! An in-memory vault, for tests.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use secrecy::{ExposeSecret as _, SecretString};

use crate::connectors::vault::secret_store::{SecretStore, StoreError};

#[derive(Debug, Default)]
pub struct FakeVault {
    tokens: Mutex<BTreeMap<String, SecretString>>,
    down: AtomicBool,
}

impl FakeVault {
    /// While down, it behaves like a vault that is sealed or unreachable.
    pub fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    pub fn token_of(&self, deployment_hash: &str) -> Option<String> {
        self.tokens().get(deployment_hash).map(|token| token.expose_secret().to_owned())
    }

    fn tokens(&self) -> MutexGuard<'_, BTreeMap<String, SecretString>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check_up(&self) -> Result<(), StoreError> {
        if self.down.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("it is down".to_owned()));
        }
        Ok(())
    }
}

#[async_trait]
impl SecretStore for FakeVault {
    async fn store_agent_token(&self, deployment_hash: &str, token: &SecretString) -> Result<(), StoreError> {
        self.check_up()?;
        self.tokens().insert(deployment_hash.to_owned(), token.clone());
        Ok(())
    }

    async fn fetch_agent_token(&self, deployment_hash: &str) -> Result<SecretString, StoreError> {
        self.check_up()?;
        self.tokens().get(deployment_hash).cloned().ok_or(StoreError::NotFound)
    }

    async fn delete_agent_token(&self, deployment_hash: &str) -> Result<(), StoreError> {
        self.check_up()?;
        self.tokens().remove(deployment_hash);
        Ok(())
    }
}
