//! Table `key_holder`: running servers and the keys they hold.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use crate::db::Pool;

/// Rows older than this are deleted.
const KEPT: TimeDelta = TimeDelta::hours(1);

pub struct KeyHolder {
    pub name: String,
    /// Fingerprints, by key number.
    pub keys: BTreeMap<u32, String>,
    pub active_key: u32,
    pub seen_at: DateTime<Utc>,
}

/// Also deletes the rows of servers that ended without deleting theirs.
pub async fn put(connection: &mut PgConnection, id: Uuid, holder: &KeyHolder) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with swept as (delete from key_holder where seen_at < $6)
        insert into key_holder (id, name, keys, active_key, seen_at)
        values ($1, $2, $3, $4, $5)
        on conflict (id) do update
        set keys = excluded.keys, active_key = excluded.active_key, seen_at = excluded.seen_at
        "#,
        id,
        holder.name,
        Json(&holder.keys) as _,
        i64::from(holder.active_key),
        holder.seen_at,
        holder.seen_at - KEPT,
    )
    .execute(connection)
    .await
    .context("saying which keys this server holds")?;
    Ok(())
}

pub async fn delete(pool: &Pool, id: Uuid) -> anyhow::Result<()> {
    sqlx::query!("delete from key_holder where id = $1", id)
        .execute(pool)
        .await
        .context("saying that this server ends")?;
    Ok(())
}

/// Servers that updated their row since then.
pub async fn seen_since(
    connection: &mut PgConnection,
    since: DateTime<Utc>,
) -> anyhow::Result<Vec<KeyHolder>> {
    let rows = sqlx::query!(
        r#"
        select name, keys as "keys: Json<BTreeMap<u32, String>>", active_key, seen_at
        from key_holder
        where seen_at > $1
        order by name, id
        "#,
        since,
    )
    .fetch_all(connection)
    .await
    .context("asking which servers hold which keys")?;
    rows.into_iter()
        .map(|row| {
            let active_key = u32::try_from(row.active_key)?;
            Ok(KeyHolder { name: row.name, keys: row.keys.0, active_key, seen_at: row.seen_at })
        })
        .collect()
}
