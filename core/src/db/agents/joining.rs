//! Table `host`: hosts on their way, from the page that adds one to the registration of its agent.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db::Pool;

/// A provisional host waits as long as its newest code works. Returns whether an agent has joined before.
pub async fn prolong(connection: &mut PgConnection, id: Uuid, until: DateTime<Utc>) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"
        update host set provisional_until = case when provisional_until is not null then $2::timestamptz end
        where id = $1
        returning joined_at is not null as "again!"
        "#,
        id,
        until,
    )
    .fetch_one(connection)
    .await
    .context("keeping a host that waits for its agent")
}

/// Its agent has registered: from now on it is a host like others.
pub async fn joined(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with changed as (
            update host set joined_at = date_trunc('second', $2::timestamptz), provisional_until = null
            where id = $1
            returning user_id
        )
        select pg_notify('hosts', user_id)::text as "notified" from changed
        "#,
        id,
        now,
    )
    .fetch_optional(connection)
    .await
    .context("noting that a host has joined")?;
    Ok(())
}

/// Somebody has fetched the program for a host that no agent has joined from. Writes nothing at the second time.
pub async fn program_fetched(pool: &Pool, id: Uuid, now: DateTime<Utc>) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with changed as (
            update host set program_fetched_at = $2
            where id = $1 and program_fetched_at is null and joined_at is null and revoked_at is null
            returning user_id
        )
        select pg_notify('hosts', user_id)::text as "notified" from changed
        "#,
        id,
        now,
    )
    .fetch_optional(pool)
    .await
    .context("noting that a program was fetched")?;
    Ok(())
}

/// Deletes a provisional host with its code. Returns false if the owner has none with this id.
pub async fn discard(connection: &mut PgConnection, id: Uuid, user_id: &str) -> anyhow::Result<bool> {
    let discarded = sqlx::query!(
        "delete from host where id = $1 and user_id = $2 and provisional_until is not null",
        id,
        user_id,
    )
    .execute(connection)
    .await
    .context("discarding a host that no agent has joined from")?;
    Ok(discarded.rows_affected() > 0)
}

/// Deletes provisional hosts whose code has expired.
pub async fn discard_expired(pool: &Pool, now: DateTime<Utc>) -> anyhow::Result<()> {
    sqlx::query!("delete from host where provisional_until <= $1", now)
        .execute(pool)
        .await
        .context("deleting hosts that no agent has joined from")?;
    Ok(())
}
