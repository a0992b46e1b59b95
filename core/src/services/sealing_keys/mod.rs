//! The keys that secrets in the database are sealed with, as servers and operators handle them.
//!
//! The key ring holds the keys; the database names the one that seals new values. A new key is therefore first brought to every
//! server, which can then open values with it. The new key seals only when all servers hold it.
//!
//! - [`source`]: where the ring comes from: a file, a variable, Vault
//! - [`agree_on_keys`]: at startup, checks that this ring is the one that the database knows
//! - [`refresh`]: while a server runs, follows changes of its ring
//! - [`rotate`], [`retire`], [`list`], [`forget`]: for operators
//! - [`verify`]: checks that every sealed value opens

mod forget;
mod list;
mod refresh;
mod retire;
mod rotate;
mod source;
mod verify;

use std::{collections::BTreeMap, sync::Arc};

use anyhow::Context as _;
use sqlx::PgConnection;

pub use forget::forget_key;
pub use list::{ListedKey, list_keys};
pub use refresh::{KeyRefresh, LIVE_FOR, REFRESH_EVERY};
pub use retire::{RetireError, Retired, retire_key};
pub use rotate::{Rotated, Rotation, RotationError};
pub use source::{KeyRingSource, KeyRingSourceError};
pub use verify::{Unopened, Verified, open_everything};

use crate::{
    context::Context,
    crypto::{KeyRing, OpenError, SealedColumn},
    db::{
        Pool,
        sealing::{
            key_holders,
            sealed_columns::{self, Usage},
            sealing_keys::{self, SealingKey},
        },
    },
};

const PROOF: &[u8] = b"the key of this number";

#[derive(Debug, thiserror::Error)]
pub enum SealingKeyError {
    #[error(
        "secrets in this database are sealed with key {id} ({used}), which the key ring of this server does not hold. \
         Servers of one database need the same keys: put the key ring back (the file `keyring`, STACKER_KEY_RING or the \
         secret in Vault), or copy it from another server. When key {id} is lost for good, `console keys forget {id}` lets \
         servers start; what was sealed with it stays unreadable"
    )]
    Missing { id: u32, used: String },
    #[error(
        "secrets in this database are sealed with another key {0} than the one in the key ring of this server. Servers of \
         one database need the same keys: copy the key ring (the file `keyring`, STACKER_KEY_RING or the secret in Vault) \
         from the server that was here first. When that key is lost for good, `console keys forget {0}` lets this server \
         start; what was sealed with it stays unreadable"
    )]
    Another(u32),
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

/// Opens the ring of the source, if it is the one that this database knows. Creates a ring if there is none, unless the database
/// already knows a key: then the ring is lost, and a new one could not open the sealed values.
pub async fn open_key_ring(
    pool: &Pool,
    source: &KeyRingSource,
    context: &Context,
    server: Option<&KeyRefresh>,
) -> anyhow::Result<Arc<KeyRing>> {
    let keyring = match source.find().await? {
        Some(keyring) => keyring,
        None => {
            let known = sealing_keys::list_from(pool).await?;
            if let Some(key) = known.iter().find(|key| key.proof.is_some()) {
                let used = sealed_columns::usage(&mut *pool.acquire().await?).await?;
                let missing = SealingKeyError::Missing { id: key.id, used: where_used(&used, key.id) };
                return Err(missing).with_context(|| format!("there is no {}", source.place()));
            }
            source.find_or_create(context.random.as_ref()).await?
        }
    };
    agree_on_keys(pool, &keyring, context, server).await.with_context(|| source.place())?;
    Ok(Arc::new(keyring))
}

/// Makes the ring and the database agree. Of several servers that start at once on a new database one is first, and the others
/// agree with it or do not start. From here on the ring seals with the key that the database names. `server`: from now on a
/// rotation must bring new keys to this server.
async fn agree_on_keys(
    pool: &Pool,
    keyring: &KeyRing,
    context: &Context,
    server: Option<&KeyRefresh>,
) -> Result<(), SealingKeyError> {
    let mut transaction = pool.begin().await.context("beginning")?;
    sealing_keys::lock(&mut transaction).await?;
    let mut known = sealing_keys::list(&mut transaction).await?;
    if known.iter().all(|key| key.current_since.is_none()) {
        let id = keyring.active_key();
        make_current(&mut transaction, keyring, id, context).await?;
        known = sealing_keys::list(&mut transaction).await?;
    }
    let used = sealed_columns::usage(&mut transaction).await?;
    check(keyring, &known, &used)?;
    if let Some(current) = known.iter().find(|key| key.current_since.is_some()) {
        keyring.set_active(current.id);
    }
    if let Some(server) = server {
        let holder = server.holder(keyring, context.clock.now());
        key_holders::put(&mut transaction, server.id(), &holder).await?;
    }
    transaction.commit().await.context("committing")?;
    Ok(())
}

/// Checks that a ring is the one that this database knows, and that it holds what the sealed values need. Changes nothing.
pub async fn check_ring(pool: &Pool, keyring: &KeyRing) -> Result<(), SealingKeyError> {
    let mut connection = pool.acquire().await.context("connecting")?;
    let known = sealing_keys::list(&mut connection).await?;
    let used = sealed_columns::usage(&mut connection).await?;
    check(keyring, &known, &used)
}

/// Checks that a ring matches the known keys, and that it holds what the sealed values need.
fn check(keyring: &KeyRing, known: &[SealingKey], used: &[Usage]) -> Result<(), SealingKeyError> {
    let missing = |id| SealingKeyError::Missing { id, used: where_used(used, id) };
    for key in known {
        let Some(proof) = &key.proof else { continue };
        keyring.open(proof, place(&key.id.to_string())).map_err(|error| match error {
            OpenError::UnknownKey(_) => missing(key.id),
            _ => SealingKeyError::Another(key.id),
        })?;
    }
    let given_up = |id| known.iter().any(|key| key.id == id && key.forgotten_at.is_some());
    let needed = used.iter().filter_map(|usage| usage.key);
    match needed.into_iter().find(|id| !keyring.holds(*id) && !given_up(*id)) {
        Some(id) => Err(missing(id)),
        None => Ok(()),
    }
}

/// For instance `3 in client.secret, 1 in outbox.payload_sealed`.
fn where_used(used: &[Usage], id: u32) -> String {
    let places: Vec<String> = used
        .iter()
        .filter(|usage| usage.key == Some(id))
        .map(|usage| format!("{} in {}", usage.count, usage.column.name()))
        .collect();
    if places.is_empty() { "no value by now".to_owned() } else { places.join(", ") }
}

async fn make_current(
    connection: &mut PgConnection,
    keyring: &KeyRing,
    id: u32,
    context: &Context,
) -> anyhow::Result<()> {
    let row = id.to_string();
    let proof = keyring
        .seal_with(id, context.random.as_ref(), PROOF, place(&row))
        .with_context(|| format!("sealing with key {id}"))?;
    sealing_keys::make_current(connection, id, &proof, context.clock.now()).await
}

/// How many values are sealed with each key.
fn values_by_key(used: &[Usage]) -> BTreeMap<u32, i64> {
    let mut values = BTreeMap::new();
    for usage in used {
        if let Some(key) = usage.key {
            *values.entry(key).or_insert(0) += usage.count;
        }
    }
    values
}

fn place(row: &str) -> SealedColumn<'_> {
    SealedColumn { table: "sealing_key", column: "proof", row }
}
