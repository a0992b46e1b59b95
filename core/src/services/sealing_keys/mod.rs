//! The keys that secrets in the database are sealed with, as servers and operators handle them.
//!
//! The key ring holds the keys, the database says which of them seals what is new. So a new key is first brought to every
//! server, which can then open with it, and seals only when all of them can.
//!
//! - [`source`]: where the ring comes from: a file, a variable, Vault
//! - [`agree_on_keys`]: at the start, whether this ring is the one that the database knows
//! - [`refresh`]: while a server runs, what became of its ring
//! - [`rotate`], [`retire`], [`list`], [`forget`]: for operators
//! - [`verify`]: whether everything that is sealed opens

mod forget;
mod list;
mod refresh;
mod retire;
mod rotate;
mod source;
mod verify;

use std::{collections::BTreeMap, sync::Arc};

use anyhow::Context as _;
use sqlx::{PgConnection, PgPool};

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
    db::sealing::{
        key_holders,
        sealed_columns::{self, Usage},
        sealing_keys::{self, SealingKey},
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

/// The ring of the source, when it is the one that this database knows. Made where there is none, unless something is sealed
/// already: then it is lost, and another one would be of no use.
pub async fn open_key_ring(
    pool: &PgPool,
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

/// Of servers that start at once on a new database one is first, and the others agree with it or do not start. From here on
/// the ring seals with the key that the database says. `server`: it is from now on one that new keys are brought to.
async fn agree_on_keys(
    pool: &PgPool,
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

/// Whether a ring is the one that this database knows, and holds what its values need. Nothing is changed.
pub async fn check_ring(pool: &PgPool, keyring: &KeyRing) -> Result<(), SealingKeyError> {
    let mut connection = pool.acquire().await.context("connecting")?;
    let known = sealing_keys::list(&mut connection).await?;
    let used = sealed_columns::usage(&mut connection).await?;
    check(keyring, &known, &used)
}

/// Whether a ring is the one that these keys are of, and holds what these values need.
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

/// `3 in client.secret, 1 in outbox.payload_sealed`
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

/// How many values each key has sealed.
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
