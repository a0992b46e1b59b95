//! Whether a server has the key ring that the secrets of its database are sealed with. Asked at every start: servers of one
//! database that differ would each write what the others cannot read.

use sqlx::PgPool;

use super::Context;
use crate::{
    crypto::{KeyRing, OpenError, SealedColumn},
    db::sealing_keys::{self, SealingKey},
};

const PROOF: &[u8] = b"the key of this number";

#[derive(Debug, thiserror::Error)]
pub enum SealingKeyError {
    #[error(
        "secrets in this database are sealed with key {0}, which the key ring of this server does not hold. Servers of \
         one database need a copy of the same file `keyring`: put it back, or copy it from another server. When it is lost \
         for good, `console keys forget {0}` lets servers start; what was sealed with it stays unreadable"
    )]
    Missing(u32),
    #[error(
        "secrets in this database are sealed with another key {0} than the one in the key ring of this server. Servers of \
         one database need a copy of the same file `keyring`: copy it from the server that was here first. When it is lost \
         for good, `console keys forget {0}` lets this one start; what was sealed with it stays unreadable"
    )]
    Another(u32),
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

/// Of servers that start at once on a new database one is first, and the others agree with it or do not start.
pub async fn agree_on_keys(
    pool: &PgPool,
    keyring: &KeyRing,
    context: &Context,
) -> Result<(), SealingKeyError> {
    let id = keyring.active_key();
    let row = id.to_string();
    let proof = keyring
        .seal(context.random.as_ref(), PROOF, place(&row))
        .map_err(|error| anyhow::Error::from(error).context("sealing with the active key"))?;
    sealing_keys::insert_if_new(pool, &SealingKey { id, proof }, context.clock.now()).await?;
    for SealingKey { id, proof } in sealing_keys::list(pool).await? {
        keyring.open(&proof, place(&id.to_string())).map_err(|error| match error {
            OpenError::UnknownKey(_) => SealingKeyError::Missing(id),
            _ => SealingKeyError::Another(id),
        })?;
    }
    Ok(())
}

/// For operators whose key is lost. Whether there was such a key.
pub async fn forget_key(pool: &PgPool, id: u32) -> anyhow::Result<bool> {
    sealing_keys::delete(pool, id).await
}

fn place(row: &str) -> SealedColumn<'_> {
    SealedColumn { table: "sealing_key", column: "proof", row }
}
