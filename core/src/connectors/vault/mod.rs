//! Vault: where agents of others fetch their tokens after a rotation (a copy: nobody is let in because of it), and where the
//! key ring may be kept.

mod client;
mod fake;
mod key_ring;
mod secret_store;

use std::sync::Arc;

pub use client::VaultClient;
pub use fake::FakeVault;
pub use key_ring::{KeptKeyRing, KeyRingStore, VaultKeyRing};
pub use secret_store::{SecretStore, StoreError};

use crate::config::Settings;

/// The configured one, where one is.
pub fn vault_store(settings: &Settings) -> anyhow::Result<Option<Arc<dyn SecretStore>>> {
    let Some(settings) = settings.vault.clone() else { return Ok(None) };
    Ok(Some(Arc::new(VaultClient::new(settings)?)))
}
