//! Table `sealing_key`. Every write requires [`lock`].

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::db::Pool;

/// An advisory lock: servers that agree on keys, and consoles that change the sealing key, take turns.
const AGREEMENT: i64 = 0x5374_6b4b_6579_0001;
/// An advisory lock held during a whole rotation; shared by backups, during which the set of keys must not change.
const ROTATION: i64 = 0x5374_6b4b_6579_0002;

pub struct SealingKey {
    pub id: u32,
    /// A value sealed with the key; `None` for a key that was forgotten.
    pub proof: Option<Vec<u8>>,
    /// Set for the key that seals new values.
    pub current_since: Option<DateTime<Utc>>,
    /// Values sealed with this key may be lost.
    pub forgotten_at: Option<DateTime<Utc>>,
}

/// Holds until the transaction ends.
pub async fn lock(connection: &mut PgConnection) -> anyhow::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock($1)", AGREEMENT)
        .execute(connection)
        .await
        .context("waiting for others who change sealing keys")?;
    Ok(())
}

/// Holds until the connection closes. Returns false during another rotation or a backup.
pub async fn try_lock_rotation(connection: &mut PgConnection) -> anyhow::Result<bool> {
    sqlx::query_scalar!(r#"select pg_try_advisory_lock($1) as "locked!""#, ROTATION)
        .fetch_one(connection)
        .await
        .context("asking whether keys are being rotated")
}

/// Holds until the connection closes. Returns false during a rotation.
pub async fn try_share_rotation(connection: &mut PgConnection) -> anyhow::Result<bool> {
    sqlx::query_scalar!(r#"select pg_try_advisory_lock_shared($1) as "locked!""#, ROTATION)
        .fetch_one(connection)
        .await
        .context("asking whether keys are being rotated")
}

pub async fn list(connection: &mut PgConnection) -> anyhow::Result<Vec<SealingKey>> {
    let rows = sqlx::query!("select id, proof, current_since, forgotten_at from sealing_key order by id")
        .fetch_all(connection)
        .await
        .context("listing the sealing keys")?;
    rows.into_iter()
        .map(|row| {
            Ok(SealingKey {
                id: u32::try_from(row.id)?,
                proof: row.proof,
                current_since: row.current_since,
                forgotten_at: row.forgotten_at,
            })
        })
        .collect()
}

/// From now on this key, and no other, seals new values. An existing proof is not replaced. When the transaction commits, every
/// server is notified.
pub async fn make_current(
    connection: &mut PgConnection,
    id: u32,
    proof: &[u8],
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!("update sealing_key set current_since = null where current_since is not null")
        .execute(&mut *connection)
        .await
        .context("ending the current sealing key")?;
    sqlx::query!(
        r#"
        insert into sealing_key (id, proof, created_at, current_since)
        values ($1, $2, $3, $3)
        on conflict (id) do update
        set proof = coalesce(sealing_key.proof, excluded.proof), current_since = excluded.current_since
        "#,
        i64::from(id),
        proof,
        now,
    )
    .execute(&mut *connection)
    .await
    .context("keeping a sealing key")?;
    notify(connection).await
}

/// Makes every server read its key ring again and record which keys it holds.
pub async fn notify(connection: &mut PgConnection) -> anyhow::Result<()> {
    sqlx::query_scalar!(r#"select pg_notify('sealing_keys', '')::text as "notified""#)
        .fetch_one(connection)
        .await
        .context("telling servers about sealing keys")?;
    Ok(())
}

/// Gives up the values sealed with the key. Returns whether the key existed and was not forgotten before.
pub async fn forget(connection: &mut PgConnection, id: u32, now: DateTime<Utc>) -> anyhow::Result<bool> {
    let forgotten = sqlx::query!(
        r#"
        update sealing_key set proof = null, current_since = null, forgotten_at = $2
        where id = $1 and proof is not null
        "#,
        i64::from(id),
        now,
    )
    .execute(connection)
    .await
    .context("forgetting a sealing key")?;
    Ok(forgotten.rows_affected() > 0)
}

/// Returns whether the key existed and was not the current one.
pub async fn delete(connection: &mut PgConnection, id: u32) -> anyhow::Result<bool> {
    let deleted =
        sqlx::query!("delete from sealing_key where id = $1 and current_since is null", i64::from(id))
            .execute(connection)
            .await
            .context("deleting a sealing key")?;
    Ok(deleted.rows_affected() > 0)
}

pub async fn list_from(pool: &Pool) -> anyhow::Result<Vec<SealingKey>> {
    list(&mut *pool.acquire().await.context("connecting")?).await
}
