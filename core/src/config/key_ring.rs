//! `key_ring`: the source of the keys that seal stored secrets. Without the section: the file `keyring` in the data folder.

use secrecy::{ExposeSecret as _, SecretString};

use super::{
    VaultSettings,
    fields::{Fields, Key},
    values::secret,
    vault::path,
};
use crate::crypto::KeyRing;

const SECTION: &str = "key_ring";
const VALUE: Key = Key::new(
    "key_ring.value",
    "a key ring as `console keys new` prints it: {\"active\": 1, \"keys\": {\"1\": \"32 bytes in base64\"}}",
)
.or_variable("STACKER_KEY_RING")
.secret();
const VAULT_PATH: Key = Key::new(
    "key_ring.vault_path",
    "the path of a secret with its mount, without slashes around it, like secret/stacker/key-ring",
)
.or_variable("STACKER_KEY_RING_VAULT_PATH");

/// The one source of the key ring.
#[derive(Clone, Debug, Default)]
pub enum KeyRingSettings {
    /// The file `keyring` in the data folder.
    #[default]
    File,
    /// The text of the key ring, from an environment variable.
    Value(SecretString),
    /// A secret in the configured Vault.
    Vault { path: String },
}

impl KeyRingSettings {
    pub(super) fn read(fields: &mut Fields) -> Self {
        fields.ignore_empty_section(SECTION);
        let value = fields.read(VALUE, secret);
        let vault_path = fields.read(VAULT_PATH, |text| path(text).filter(|path| path.contains('/')));
        match (value, vault_path) {
            (None, None) => Self::File,
            (Some(value), None) => Self::Value(value),
            (None, Some(path)) => Self::Vault { path },
            (Some(value), Some(_)) => {
                let message = "is set, and `key_ring.value` (variable STACKER_KEY_RING) too: expected one of them, \
                    or neither for the file in `data_dir`";
                fields.contradiction(VAULT_PATH.name(), message);
                Self::Value(value)
            }
        }
    }

    pub(super) fn validate(&self, fields: &mut Fields, vault: Option<&VaultSettings>) {
        match self {
            Self::File => {}
            Self::Value(value) => {
                if let Err(what) = KeyRing::parse(value.expose_secret().as_bytes()) {
                    let message = format!("is not a key ring: {what}. `console keys new` prints a new one");
                    fields.contradiction(VALUE.name(), message);
                }
            }
            Self::Vault { .. } => {
                if vault.is_none() {
                    fields.contradiction(
                        VAULT_PATH.name(),
                        "is set, but Vault is not configured: set `vault.address` and its credentials",
                    );
                }
            }
        }
    }
}
