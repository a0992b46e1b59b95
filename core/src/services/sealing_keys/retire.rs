//! Retires an older key once nothing is sealed with it.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::json;
use sqlx::{Connection as _, PgConnection};

use super::{KeyRingSource, KeyRingSourceError, LIVE_FOR, where_used};
use crate::{
    context::Context,
    crypto::KeyRing,
    db::{
        Pool,
        audit_log::{self, AuditEntry},
        sealing::{key_holders, sealed_columns, sealing_keys},
    },
    services::AUTHORIZATION_LIFETIME,
};

#[derive(Debug, thiserror::Error)]
pub enum RetireError {
    #[error("a rotation or a backup is running: wait until it has finished")]
    Busy,
    #[error("key {0} seals new values: switch to another key with `console keys rotate` first")]
    Current(u32),
    #[error("key {0} does not exist: `console keys list` shows all keys")]
    Unknown(u32),
    #[error("some values are still sealed with key {id} ({used}): re-seal them with `console keys rotate`")]
    InUse { id: u32, used: String },
    #[error("{servers} still seals with key {id}: wait until it has switched to the new key")]
    StillSeals { id: u32, servers: String },
    #[error(
        "key {id} sealed until {until}, and who signs in at this moment has something sealed with it: try again after {after}, \
         or say `--now` to send them back to the beginning",
        until = until.format("%H:%M:%S UTC"),
        after = after.format("%H:%M:%S UTC")
    )]
    TooEarly { id: u32, until: DateTime<Utc>, after: DateTime<Utc> },
    #[error(transparent)]
    Source(#[from] KeyRingSourceError),
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

#[derive(Debug)]
pub enum Retired {
    Done,
    /// The ring cannot be changed from here: the operator must store this ring at its source.
    PutThere(SecretString),
}

/// Retires a key, first in the database and then in the ring. If it is interrupted in between, it can be run again. `now`: does
/// not wait until sign-ins that were already begun are over.
pub async fn retire_key(
    pool: &Pool,
    source: &KeyRingSource,
    keyring: &KeyRing,
    context: &Context,
    (id, now): (u32, bool),
) -> Result<Retired, RetireError> {
    let mut lock = PgConnection::connect_with(pool.connect_options()).await.context("connecting")?;
    if !sealing_keys::try_lock_rotation(&mut lock).await? {
        return Err(RetireError::Busy);
    }
    let retired = retire_alone(pool, source, keyring, context, (id, now)).await;
    drop(lock.close().await);
    retired
}

async fn retire_alone(
    pool: &Pool,
    source: &KeyRingSource,
    keyring: &KeyRing,
    context: &Context,
    (id, now): (u32, bool),
) -> Result<Retired, RetireError> {
    let mut transaction = pool.begin().await.context("beginning")?;
    sealing_keys::lock(&mut transaction).await?;
    let known = sealing_keys::list(&mut transaction).await?;
    let current =
        known.iter().find(|key| key.current_since.is_some()).context("no key is marked as current")?;
    if current.id == id {
        return Err(RetireError::Current(id));
    }
    let ring = source.find().await?.context("the key ring is missing")?;
    if !ring.holds(id) && !known.iter().any(|key| key.id == id) {
        return Err(RetireError::Unknown(id));
    }
    // Values of a forgotten key stay unchanged, and the database still lists that key as forgotten.
    let is_given_up = known.iter().any(|key| key.id == id && key.proof.is_none());
    let used = sealed_columns::usage(&mut transaction).await?;
    if !is_given_up && used.iter().any(|usage| usage.key == Some(id)) {
        return Err(RetireError::InUse { id, used: where_used(&used, id) });
    }
    let holders = key_holders::seen_since(&mut transaction, context.clock.now() - LIVE_FOR).await?;
    let sealing: Vec<_> =
        holders.into_iter().filter(|holder| holder.active_key == id).map(|holder| holder.name).collect();
    if !sealing.is_empty() {
        return Err(RetireError::StillSeals { id, servers: sealing.join(", ") });
    }
    if let (Some(until), false) = (current.current_since, now)
        && until + AUTHORIZATION_LIFETIME > context.clock.now()
    {
        return Err(RetireError::TooEarly { id, until, after: until + AUTHORIZATION_LIFETIME });
    }
    if !is_given_up && sealing_keys::delete(&mut transaction, id).await? {
        let details = json!({"key": id, "by": "console"});
        audit_log::record(&mut transaction, AuditEntry { details, ..context.audited("key.retired") }).await?;
    }
    let current = current.id;
    transaction.commit().await.context("committing")?;
    if !ring.holds(id) {
        return Ok(Retired::Done);
    }
    let fewer = ring.without_key(id, current).with_context(|| format!("the ring lacks key {current}"))?;
    match source.replace(&fewer, context.random.as_ref()).await {
        Ok(()) => {}
        Err(KeyRingSourceError::ReadOnly) => return Ok(Retired::PutThere(fewer.to_text())),
        Err(error) => return Err(error.into()),
    }
    keyring.take_over(&fewer, &[]);
    sealing_keys::notify(&mut *pool.acquire().await.context("connecting")?).await?;
    Ok(Retired::Done)
}
