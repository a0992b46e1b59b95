//! Rotates to a new key and seals everything again with it, while servers run. It can be interrupted at any time and run again.
//!
//! 1. The new key is added to the ring. It seals nothing yet.
//! 2. The rotation waits until every running server holds it.
//! 3. In one transaction, during which no server can start, the database makes it the sealing key and notifies the servers.
//! 4. Values under older keys are sealed again in batches; values written meanwhile already use the new key.
//!
//! Older keys stay in the ring and can open values until they are retired.

use std::time::Duration;

use anyhow::Context as _;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use sqlx::{Connection as _, PgConnection};

use super::{
    KeyRingSource, KeyRingSourceError, LIVE_FOR, SealingKeyError, check, make_current, values_by_key,
};
use crate::{
    context::Context,
    crypto::KeyRing,
    db::{
        Pool,
        audit_log::{self, AuditEntry},
        is_conflict,
        postgres::notifications,
        sealing::{
            key_holders::{self, KeyHolder},
            sealed_columns::{self, Resealed, SEALED_COLUMNS, StoredColumn},
            sealing_keys,
        },
    },
};

const AT_ONCE: i64 = 200;
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Another round finds values that servers sealed with the previous key at the moment of the change.
const MOST_ROUNDS: usize = 5;
/// The most examples; more would not help.
const NAMED: usize = 20;

#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    #[error("another rotation or a backup is running: wait until it has finished")]
    Busy,
    #[error(transparent)]
    Source(#[from] KeyRingSourceError),
    #[error(transparent)]
    Keys(#[from] SealingKeyError),
    #[error(
        "not every server holds key {key}, so it seals nothing yet: {servers}. Bring them the key ring of {place} (each \
         server reads its own again by itself; one that has it in a variable must be restarted), then run \
         `console keys rotate` again"
    )]
    NotEverywhere { key: u32, servers: String, place: String },
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

#[derive(Debug)]
pub enum Rotated {
    Done {
        key: u32,
        /// How many values were sealed again.
        resealed: u64,
        /// Places of some values that no key opens. These values stay unchanged.
        unreadable: Vec<String>,
        /// How many values are still sealed with older keys.
        left: i64,
        /// Whether this run only finished an earlier rotation that had been interrupted.
        was_finished: bool,
    },
    /// The ring cannot be changed from here: the operator must store this ring at its source.
    PutThere { key: u32, ring: SecretString },
}

/// A rotation, started by operators on the console, who need no role.
pub struct Rotation<'a> {
    pub pool: &'a Pool,
    pub source: &'a KeyRingSource,
    /// Already agrees with the database.
    pub keyring: &'a KeyRing,
    pub context: &'a Context,
    /// Receives progress messages for people.
    pub tell: &'a (dyn Fn(&str) + Send + Sync),
    /// How long to wait for servers that lack the key.
    pub patience: Duration,
}

impl Rotation<'_> {
    /// Long enough that a server that was killed no longer counts as running.
    pub const PATIENCE: Duration = Duration::from_secs(80);

    pub async fn run(&self) -> Result<Rotated, RotationError> {
        // A separate connection: closing it releases the lock, however the rotation ends.
        let mut lock = PgConnection::connect_with(self.pool.connect_options()).await.context("connecting")?;
        if !sealing_keys::try_lock_rotation(&mut lock).await? {
            return Err(RotationError::Busy);
        }
        let done = self.run_alone().await;
        drop(lock.close().await);
        done
    }

    async fn run_alone(&self) -> Result<Rotated, RotationError> {
        let current = self.keyring.active_key();
        if self.left(current).await? > 0 {
            (self.tell)(&format!("an earlier rotation to key {current} is finished first"));
            let finished = self.seal_anew(current, true).await?;
            // Otherwise only values are left that no key opens.
            if matches!(finished, Rotated::Done { resealed: 1.., .. }) {
                return Ok(finished);
            }
        }
        let key = match self.newer_key(current).await? {
            Ok(key) => key,
            Err(put_there) => return Ok(put_there),
        };
        self.tell_servers().await?;
        self.wait_for_servers(key).await?;
        self.activate(current, key).await?;
        (self.tell)(&format!("key {key} now seals new values"));
        self.seal_anew(key, false).await
    }

    /// How many values are sealed with other keys that the ring holds.
    async fn left(&self, current: u32) -> anyhow::Result<i64> {
        let mut connection = self.pool.acquire().await.context("connecting")?;
        let values = values_by_key(&sealed_columns::usage(&mut connection).await?);
        Ok(values
            .iter()
            .filter(|(key, _)| **key != current && self.keyring.holds(**key))
            .map(|(_, count)| count)
            .sum())
    }

    /// A key that is already in the ring and seals nothing yet, or a new one.
    async fn newer_key(&self, current: u32) -> Result<Result<u32, Rotated>, RotationError> {
        if let Some(key) = self.keyring.fingerprints().into_keys().find(|key| *key > current) {
            (self.tell)(&format!("key {key} is in the ring already"));
            return Ok(Ok(key));
        }
        let mut connection = self.pool.acquire().await.context("connecting")?;
        let known = sealing_keys::list(&mut connection).await?;
        let used = sealed_columns::usage(&mut connection).await?;
        drop(connection);
        let taken = known.iter().map(|key| key.id).chain(used.iter().filter_map(|usage| usage.key));
        let key = taken.fold(current, u32::max).checked_add(1).context("all key numbers are used")?;
        // The ring at the source, which can differ from the one in this process.
        let ring = self.source.find().await?.context("the key ring is missing")?;
        let ring = ring.with_new_key(key, self.context.random.as_ref());
        check(&ring, &known, &used)?;
        match self.source.replace(&ring, self.context.random.as_ref()).await {
            Ok(()) => {}
            Err(KeyRingSourceError::ReadOnly) => {
                return Ok(Err(Rotated::PutThere { key, ring: ring.to_text() }));
            }
            Err(error) => return Err(error.into()),
        }
        self.keyring.take_over(&ring, &[]);
        (self.tell)(&format!("adding key {key} to {}", self.source.place()));
        Ok(Ok(key))
    }

    async fn tell_servers(&self) -> anyhow::Result<()> {
        let mut connection = self.pool.acquire().await.context("connecting")?;
        sealing_keys::notify(&mut connection).await
    }

    /// Waits by the system clock, not the one that tests set, because it waits for other processes.
    async fn wait_for_servers(&self, key: u32) -> Result<(), RotationError> {
        let begun = tokio::time::Instant::now();
        let mut told = String::new();
        loop {
            let mut connection = self.pool.acquire().await.context("connecting")?;
            let missing = self.servers_without(&mut connection, key).await?;
            drop(connection);
            if missing.is_empty() {
                return Ok(());
            }
            if begun.elapsed() > self.patience {
                return Err(self.not_everywhere(key, &missing));
            }
            if told != missing {
                (self.tell)(&format!("waiting until every server has key {key}: {missing}"));
                told = missing;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// The names of servers without this key; empty if all of them hold it.
    async fn servers_without(&self, connection: &mut PgConnection, key: u32) -> anyhow::Result<String> {
        let since = self.context.clock.now() - LIVE_FOR;
        let fingerprints = self.keyring.fingerprints();
        let holders = key_holders::seen_since(connection, since).await?;
        let missing = holders.iter().filter(|holder| holder.keys.get(&key) != fingerprints.get(&key));
        let name = |holder: &KeyHolder| {
            let has = if holder.keys.contains_key(&key) { "has another" } else { "lacks" };
            format!("{} {has} key {key}", holder.name)
        };
        Ok(missing.map(name).collect::<Vec<_>>().join(", "))
    }

    fn not_everywhere(&self, key: u32, servers: &str) -> RotationError {
        RotationError::NotEverywhere { key, servers: servers.to_owned(), place: self.source.place() }
    }

    async fn activate(&self, from: u32, key: u32) -> Result<(), RotationError> {
        let mut transaction = self.pool.begin().await.context("beginning")?;
        // The lock covers servers that are starting: one that was admitted before is among those that are asked, and one that
        // comes later is not admitted without the key.
        sealing_keys::lock(&mut transaction).await?;
        let missing = self.servers_without(&mut transaction, key).await?;
        if !missing.is_empty() {
            return Err(self.not_everywhere(key, &missing));
        }
        make_current(&mut transaction, self.keyring, key, self.context).await?;
        let details = json!({"from": from, "to": key, "by": "console"});
        let entry = AuditEntry { details, ..self.context.audited("key.rotated") };
        audit_log::record(&mut transaction, entry).await?;
        transaction.commit().await.context("committing")?;
        self.keyring.set_active(key);
        Ok(())
    }

    async fn seal_anew(&self, key: u32, was_finished: bool) -> Result<Rotated, RotationError> {
        self.wait_until_sealed_with(key).await?;
        let (mut resealed, mut unreadable) = (0, Vec::new());
        for _ in 0..MOST_ROUNDS {
            unreadable.clear();
            let mut in_this_round = 0;
            for stored in SEALED_COLUMNS {
                in_this_round += self.seal_column_anew(stored, key, &mut unreadable).await?;
            }
            resealed += in_this_round;
            if in_this_round == 0 {
                break;
            }
        }
        let mut connection = self.pool.acquire().await.context("connecting")?;
        // Servers cache agents together with their sealed values.
        notifications::forget_agents(&mut connection).await?;
        let details =
            json!({"key": key, "values": resealed, "unreadable": unreadable.len(), "by": "console"});
        let entry = AuditEntry { details, ..self.context.audited("key.resealed") };
        audit_log::record(&mut connection, entry).await?;
        let values = values_by_key(&sealed_columns::usage(&mut connection).await?);
        let left = values.iter().filter(|(used, _)| **used != key).map(|(_, count)| count).sum();
        Ok(Rotated::Done { key, resealed, unreadable, left, was_finished })
    }

    /// Waits until all servers seal with the key, but not for ever: they were notified, and a server that missed that looks
    /// periodically. A late server costs only another round.
    async fn wait_until_sealed_with(&self, key: u32) -> anyhow::Result<()> {
        let begun = tokio::time::Instant::now();
        while begun.elapsed() < Duration::from_secs(30) {
            let mut connection = self.pool.acquire().await.context("connecting")?;
            let since = self.context.clock.now() - LIVE_FOR;
            let holders = key_holders::seen_since(&mut connection, since).await?;
            if holders.iter().all(|holder| holder.active_key == key) {
                break;
            }
            drop(connection);
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    async fn seal_column_anew(
        &self,
        stored: StoredColumn,
        key: u32,
        unreadable: &mut Vec<String>,
    ) -> anyhow::Result<u64> {
        let (mut resealed, mut after) = (0, None::<String>);
        loop {
            let rows = sealed_columns::next(self.pool, stored, after.as_deref(), Some(key), AT_ONCE).await?;
            let Some(last) = rows.last() else { return Ok(resealed) };
            after = Some(last.row.clone());
            let mut batch = Vec::with_capacity(rows.len());
            for row in rows {
                let place = stored.place(&row.row);
                match self.keyring.open(&row.sealed, place) {
                    Ok(secret) => {
                        let random = self.context.random.as_ref();
                        let sealed = self.keyring.seal_with(key, random, secret.expose_secret(), place)?;
                        batch.push(Resealed { row: row.row, before: row.sealed, after: sealed });
                    }
                    Err(error) if unreadable.len() < NAMED => {
                        unreadable.push(format!("{} of {}: {error}", stored.name(), row.row));
                    }
                    Err(_) => {}
                }
            }
            resealed += self.replace(stored, &batch).await?;
        }
    }

    /// Replaces a batch of values. Tries again after a conflict with a transaction that changes several rows.
    async fn replace(&self, stored: StoredColumn, batch: &[Resealed]) -> anyhow::Result<u64> {
        if batch.is_empty() {
            return Ok(0);
        }
        loop {
            match sealed_columns::replace(self.pool, stored, batch).await {
                Err(error) if is_conflict(&error) => tokio::time::sleep(LOOK_EVERY).await,
                replaced => return replaced,
            }
        }
    }
}
