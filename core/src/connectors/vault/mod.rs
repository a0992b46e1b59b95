//! Vault: legacy agents fetch their tokens here after a rotation, and it can hold the key ring. The tokens are copies:
//! authentication never reads them.

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

/// The configured vault, if any.
pub fn vault_store(settings: &Settings) -> anyhow::Result<Option<Arc<dyn SecretStore>>> {
    let Some(settings) = settings.vault.clone() else { return Ok(None) };
    Ok(Some(Arc::new(VaultClient::new(settings)?)))
}
