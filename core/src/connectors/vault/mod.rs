//! Vault: where agents of others fetch their tokens after a rotation (a copy: nobody is let in because of it), and where the
//! key ring may be kept.

mod client;
mod fake;
mod key_ring;

use std::{fmt::Debug, sync::Arc};

use async_trait::async_trait;
use secrecy::SecretString;

pub use client::VaultClient;
pub use fake::FakeVault;
pub use key_ring::{KeptKeyRing, KeyRingStore, VaultKeyRing};

use crate::config::Settings;

/// The configured one, where one is.
pub fn vault_store(settings: &Settings) -> anyhow::Result<Option<Arc<dyn SecretStore>>> {
    let Some(settings) = settings.vault.clone() else { return Ok(None) };
    Ok(Some(Arc::new(VaultClient::new(settings)?)))
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Try again.
    #[error("Vault does not answer: {0}")]
    Unavailable(String),
    #[error("Vault error: {0}")]
    Refused(String),
    #[error("Token not found in Vault")]
    NotFound,
    #[error("Token not in Vault response")]
    NoToken,
}

/// By deployment hash.
#[async_trait]
pub trait SecretStore: Debug + Send + Sync {
    /// At both of the paths that agents read.
    async fn store_agent_token(&self, deployment_hash: &str, token: &SecretString) -> Result<(), StoreError>;

    async fn fetch_agent_token(&self, deployment_hash: &str) -> Result<SecretString, StoreError>;

    async fn delete_agent_token(&self, deployment_hash: &str) -> Result<(), StoreError>;
}
