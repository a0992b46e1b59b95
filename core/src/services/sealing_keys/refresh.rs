//! Keeps the key ring of a running server current: keys change at their source, and the database names the one that seals. Every
//! server publishes which keys it holds, so that no server seals what another cannot open.

use std::{fs, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{KeyRingSource, place};
use crate::{
    context::Context,
    crypto::KeyRing,
    db::{
        Pool,
        sealing::{
            key_holders::{self, KeyHolder},
            sealing_keys,
        },
    },
};

/// How often the refresh runs. It also runs at once on a notification.
pub const REFRESH_EVERY: Duration = Duration::from_secs(20);
/// A server without contact for this long counts as ended.
pub const LIVE_FOR: TimeDelta = TimeDelta::seconds(65);

/// One run of a server, and the source of its key ring.
#[derive(Clone, Debug)]
pub struct KeyRefresh {
    id: Uuid,
    name: String,
    source: KeyRingSource,
}

impl KeyRefresh {
    pub fn new(source: KeyRingSource, context: &Context) -> Self {
        let machine = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let name = format!("{} (process {})", machine.trim(), std::process::id());
        Self { id: context.random.uuid_v4(), name, source }
    }

    pub(super) fn id(&self) -> Uuid {
        self.id
    }

    pub(super) fn holder(&self, keyring: &KeyRing, now: DateTime<Utc>) -> KeyHolder {
        KeyHolder {
            name: self.name.clone(),
            keys: keyring.fingerprints(),
            active_key: keyring.active_key(),
            seen_at: now,
        }
    }

    /// Reads the keys of the source, seals with the key that the database names, and publishes which keys the server holds. If
    /// the source cannot be read, or lacks a key that values are sealed with, the server loses no key.
    pub async fn run(&self, pool: &Pool, keyring: &KeyRing, context: &Context) -> anyhow::Result<()> {
        let known = sealing_keys::list_from(pool).await?;
        let needed: Vec<u32> = known.iter().filter(|key| key.proof.is_some()).map(|key| key.id).collect();
        match self.source.find().await {
            Ok(Some(newer)) => {
                for key in &known {
                    let Some(proof) = &key.proof else { continue };
                    // The ring that was read must open the proof of every known key.
                    if newer.open(proof, place(&key.id.to_string())).is_err() {
                        tracing::error!(
                            key = key.id,
                            place = self.source.place(),
                            "the key ring lacks a key that seals secrets, or has a different key with its number: restore the right one"
                        );
                    }
                }
                keyring.take_over(&newer, &needed);
            }
            Ok(None) => tracing::error!(place = self.source.place(), "the key ring is missing: restore it"),
            Err(error) => tracing::error!(
                error = format!("{error:#}"),
                "the key ring cannot be read; the keys read before stay in use"
            ),
        }
        if let Some(current) = known.iter().find(|key| key.current_since.is_some())
            && current.id != keyring.active_key()
        {
            let proof = current.proof.as_deref().unwrap_or_default();
            if keyring.open(proof, place(&current.id.to_string())).is_ok() && keyring.set_active(current.id) {
                tracing::info!(key = current.id, "secrets are now sealed with another key");
            } else {
                tracing::error!(
                    key = current.id,
                    place = self.source.place(),
                    "secrets are sealed with a key that this server does not have: copy the key ring here"
                );
            }
        }
        let mut connection = pool.acquire().await?;
        let holder = self.holder(keyring, context.clock.now());
        key_holders::put(&mut connection, self.id, &holder).await
    }

    /// Called when the server ends, so that rotations no longer wait for it.
    pub async fn ends(&self, pool: &Pool) -> anyhow::Result<()> {
        key_holders::delete(pool, self.id).await
    }
}
