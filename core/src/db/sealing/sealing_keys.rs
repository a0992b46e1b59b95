//! Table `sealing_key`. Who changes it holds [`lock`].

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

/// Of our advisory locks: servers that agree on keys and consoles that change which one seals, one after the other.
const AGREEMENT: i64 = 0x5374_6b4b_6579_0001;
/// Held for as long as a rotation takes; shared by backups, for which no key must come or go.
const ROTATION: i64 = 0x5374_6b4b_6579_0002;

pub struct SealingKey {
    pub id: u32,
    /// Sealed with it; `None` for one that was given up for lost.
    pub proof: Option<Vec<u8>>,
    /// Of the one that seals what is new.
    pub current_since: Option<DateTime<Utc>>,
    /// What was sealed with a key of this number may be lost.
    pub forgotten_at: Option<DateTime<Utc>>,
}

/// Until the end of the transaction.
pub async fn lock(connection: &mut PgConnection) -> anyhow::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock($1)", AGREEMENT)
        .execute(connection)
        .await
        .context("waiting for others who change sealing keys")?;
    Ok(())
}

/// Until the connection closes. False when somebody else rotates, or takes a backup.
pub async fn try_lock_rotation(connection: &mut PgConnection) -> anyhow::Result<bool> {
    sqlx::query_scalar!(r#"select pg_try_advisory_lock($1) as "locked!""#, ROTATION)
        .fetch_one(connection)
        .await
        .context("asking whether keys are being rotated")
}

/// Until the connection closes. False when somebody rotates.
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

/// From now on it seals what is new, and no other does. A proof that is there stays. Every server is notified, once the
/// transaction is through.
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

/// Servers read their key ring again, and say what they hold.
pub async fn notify(connection: &mut PgConnection) -> anyhow::Result<()> {
    sqlx::query_scalar!(r#"select pg_notify('sealing_keys', '')::text as "notified""#)
        .fetch_one(connection)
        .await
        .context("telling servers about sealing keys")?;
    Ok(())
}

/// What was sealed with it is given up. Whether it was there.
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

/// Whether it was there, and not the current one.
pub async fn delete(connection: &mut PgConnection, id: u32) -> anyhow::Result<bool> {
    let deleted =
        sqlx::query!("delete from sealing_key where id = $1 and current_since is null", i64::from(id))
            .execute(connection)
            .await
            .context("deleting a sealing key")?;
    Ok(deleted.rows_affected() > 0)
}

pub async fn list_from(pool: &PgPool) -> anyhow::Result<Vec<SealingKey>> {
    list(&mut *pool.acquire().await.context("connecting")?).await
}
