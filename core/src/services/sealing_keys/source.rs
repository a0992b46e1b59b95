//! Where the key ring is read from, and where a changed one is written.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    config::{KeyRingSettings, Settings},
    connectors::vault::{KeyRingStore, StoreError, VaultKeyRing},
    context::Random,
    crypto::{KeyRing, KeyRingFileError, KeyRingTextError, key_ring_file},
};

/// The file in the data folder, used if nothing else is configured.
const FILE: &str = "keyring";

/// Cheap to clone.
#[derive(Clone)]
pub enum KeyRingSource {
    File(PathBuf),
    /// The setting `key_ring.value`.
    Value(SecretString),
    Vault(Arc<dyn KeyRingStore>),
}

#[derive(Debug, thiserror::Error)]
pub enum KeyRingSourceError {
    #[error(transparent)]
    File(#[from] KeyRingFileError),
    #[error(
        "`key_ring.value` (variable STACKER_KEY_RING) is not a key ring: {0}. `console keys new` prints a new one"
    )]
    Value(KeyRingTextError),
    #[error("`key_ring.value` (variable STACKER_KEY_RING) can only be changed where it is set")]
    ReadOnly,
    #[error(
        "the key ring at {place} cannot be reached: {error}. Stacker has to read, create and update it there"
    )]
    Vault { place: String, error: StoreError },
    #[error("the field `key_ring` at {place} is missing or not a text: put the key ring there")]
    VaultWithout { place: String },
    #[error(
        "{place} does not hold a key ring: {what}. Restore a copy of it; without it, secrets sealed with its keys are lost"
    )]
    VaultDamaged { place: String, what: KeyRingTextError },
}

impl KeyRingSource {
    pub fn of(settings: &Settings) -> anyhow::Result<Self> {
        Ok(match (&settings.key_ring, &settings.vault) {
            (KeyRingSettings::Value(value), _) => Self::Value(value.clone()),
            (KeyRingSettings::Vault { path }, Some(vault)) => {
                Self::Vault(Arc::new(VaultKeyRing::new(vault.clone(), path)?))
            }
            // `Vault` without a vault was already refused when the settings were read.
            (KeyRingSettings::File | KeyRingSettings::Vault { .. }, _) => {
                Self::File(settings.data_dir.join(FILE))
            }
        })
    }

    /// Where the key ring is, for people.
    pub fn place(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Value(_) => "the variable STACKER_KEY_RING (`key_ring.value`)".to_owned(),
            Self::Vault(store) => store.place().to_owned(),
        }
    }

    /// Reads the ring; `None` if there is none yet.
    pub async fn find(&self) -> Result<Option<KeyRing>, KeyRingSourceError> {
        match self {
            Self::File(path) if is_missing(path) => Ok(None),
            Self::File(path) => Ok(Some(key_ring_file::read(path)?)),
            Self::Value(value) => {
                let ring = KeyRing::parse(value.expose_secret().as_bytes());
                Ok(Some(ring.map_err(KeyRingSourceError::Value)?))
            }
            Self::Vault(store) => Ok(read_from(store.as_ref()).await?.map(|(ring, _)| ring)),
        }
    }

    /// Reads the ring, or creates one if there is none and the source is writable. Servers that start at once agree on one ring.
    pub async fn find_or_create(&self, random: &dyn Random) -> Result<KeyRing, KeyRingSourceError> {
        match self {
            Self::File(path) => Ok(KeyRing::open_or_create(path, random)?),
            Self::Value(_) | Self::Vault(_) => {
                if let Some(ring) = self.find().await? {
                    return Ok(ring);
                }
                self.create(&KeyRing::generate(random), random).await?;
                let made = self.find().await?;
                made.ok_or_else(|| KeyRingSourceError::VaultWithout { place: self.place() })
            }
        }
    }

    /// Creates the ring if there is none. If another server has created one first, that one stays.
    pub async fn create(&self, ring: &KeyRing, random: &dyn Random) -> Result<(), KeyRingSourceError> {
        match self {
            Self::File(path) => Ok(key_ring_file::create(path, ring, random)?),
            Self::Value(_) => Err(KeyRingSourceError::ReadOnly),
            Self::Vault(store) => match store.write(&ring.to_text(), Some(0)).await {
                // With version 2 of Vault's key-value store, another server may have been first.
                Err(StoreError::Refused(_)) if matches!(read_from(store.as_ref()).await, Ok(Some(_))) => {
                    Ok(())
                }
                Err(error) => Err(KeyRingSourceError::Vault { place: self.place(), error }),
                Ok(()) => Ok(()),
            },
        }
    }

    /// Replaces the existing ring.
    pub async fn replace(&self, ring: &KeyRing, random: &dyn Random) -> Result<(), KeyRingSourceError> {
        match self {
            Self::File(path) => Ok(key_ring_file::replace(path, ring, random)?),
            Self::Value(_) => Err(KeyRingSourceError::ReadOnly),
            Self::Vault(store) => {
                let version = read_from(store.as_ref()).await?.and_then(|(_, version)| version);
                let written = store.write(&ring.to_text(), version).await;
                written.map_err(|error| KeyRingSourceError::Vault { place: self.place(), error })
            }
        }
    }
}

async fn read_from(store: &dyn KeyRingStore) -> Result<Option<(KeyRing, Option<u64>)>, KeyRingSourceError> {
    let place = || store.place().to_owned();
    let kept = match store.read().await {
        Ok(kept) => kept,
        Err(StoreError::NotFound) => return Ok(None),
        Err(error) => return Err(KeyRingSourceError::Vault { place: place(), error }),
    };
    let text = kept.text.ok_or_else(|| KeyRingSourceError::VaultWithout { place: place() })?;
    let ring = KeyRing::parse(text.expose_secret().as_bytes());
    let ring = ring.map_err(|what| KeyRingSourceError::VaultDamaged { place: place(), what })?;
    Ok(Some((ring, kept.version)))
}

fn is_missing(path: &Path) -> bool {
    std::fs::metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

impl fmt::Debug for KeyRingSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("KeyRingSource").field(&self.place()).finish()
    }
}
