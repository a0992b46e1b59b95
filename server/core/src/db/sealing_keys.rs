//! Table `sealing_key`.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::PgPool;

pub struct SealingKey {
    pub id: u32,
    /// Sealed with it.
    pub proof: Vec<u8>,
}

/// Keeps the key unless one of its number is there.
pub async fn insert_if_new(pool: &PgPool, key: &SealingKey, now: DateTime<Utc>) -> anyhow::Result<()> {
    sqlx::query!(
        "insert into sealing_key (id, proof, created_at) values ($1, $2, $3) on conflict (id) do nothing",
        i64::from(key.id),
        key.proof,
        now,
    )
    .execute(pool)
    .await
    .context("keeping a sealing key")?;
    Ok(())
}

pub async fn list(pool: &PgPool) -> anyhow::Result<Vec<SealingKey>> {
    let rows = sqlx::query!("select id, proof from sealing_key order by id")
        .fetch_all(pool)
        .await
        .context("listing the sealing keys")?;
    rows.into_iter().map(|row| Ok(SealingKey { id: u32::try_from(row.id)?, proof: row.proof })).collect()
}

/// Whether it was there.
pub async fn delete(pool: &PgPool, id: u32) -> anyhow::Result<bool> {
    let deleted = sqlx::query!("delete from sealing_key where id = $1", i64::from(id))
        .execute(pool)
        .await
        .context("deleting a sealing key")?;
    Ok(deleted.rows_affected() > 0)
}
