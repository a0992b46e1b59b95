//! What servers look for periodically: work without a notification, expired leases, commands that were never fetched.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Row, Stored};
use crate::db::Pool;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outstanding {
    /// Channels with commands to claim.
    pub queued: Vec<Due>,
    /// Channels with expired leases.
    pub overdue: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub channel: String,
    /// Later than now for a scheduled command.
    pub at: DateTime<Utc>,
}

/// Takes one statement. Commands scheduled after `until` are left to a later call.
pub async fn outstanding(
    pool: &Pool,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> anyhow::Result<Outstanding> {
    let rows = sqlx::query!(
        r#"
        select channel as "channel!", min(coalesce(scheduled_for, created_at)) as "at!", false as "overdue!"
        from commands
        where status = 'queued' and (scheduled_for is null or scheduled_for <= $2)
        group by channel
        union all
        select channel, min(lease_until), true
        from commands
        where status in ('sent', 'executing') and lease_until <= $1
        group by channel
        "#,
        now,
        until,
    )
    .fetch_all(pool)
    .await
    .context("looking for commands to deliver")?;
    let mut outstanding = Outstanding::default();
    for row in rows {
        if row.overdue {
            outstanding.overdue.push(row.channel);
        } else {
            outstanding.queued.push(Due { channel: row.channel, at: row.at });
        }
    }
    Ok(outstanding)
}

/// The commands of a channel whose lease has expired, locked.
pub async fn overdue_locked(
    connection: &mut PgConnection,
    channel: &str,
    now: DateTime<Utc>,
    limit: i64,
) -> anyhow::Result<Vec<Stored>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select id, command_id, channel, deployment_hash, type as command_type, status, priority, repeatable, parameters,
            result, error, created_by, revision, deliveries, scheduled_for, sent_at, started_at, completed_at,
            timeout_seconds, metadata, created_at, updated_at
        from commands
        where channel = $1 and status in ('sent', 'executing') and lease_until <= $2
        order by created_at
        limit $3
        for update skip locked
        "#,
        channel,
        now,
        limit,
    )
    .fetch_all(connection)
    .await
    .context("looking for leases that ran out")?;
    rows.into_iter().map(Stored::try_from).collect()
}

/// Puts the command back to its old place in the queue, and wakes the waiting poll. The row must be locked.
pub async fn requeue(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with requeued as (
            update commands
            set status = 'queued', sent_at = null, lease_until = null, updated_at = $2
            where id = $1 and status in ('sent', 'executing')
            returning channel
        )
        select pg_notify('commands', channel)::text as "notified" from requeued
        "#,
        id,
        now,
    )
    .fetch_optional(connection)
    .await
    .context("taking a command back")?;
    Ok(())
}

/// Commands that were queued, or scheduled for a time, before `since` and not fetched; locked.
pub async fn unfetched_locked(
    connection: &mut PgConnection,
    since: DateTime<Utc>,
    limit: i64,
) -> anyhow::Result<Vec<Stored>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select id, command_id, channel, deployment_hash, type as command_type, status, priority, repeatable, parameters,
            result, error, created_by, revision, deliveries, scheduled_for, sent_at, started_at, completed_at,
            timeout_seconds, metadata, created_at, updated_at
        from commands
        where status = 'queued' and created_at <= $1 and greatest(updated_at, scheduled_for) <= $1
        order by created_at
        limit $2
        for update skip locked
        "#,
        since,
        limit,
    )
    .fetch_all(connection)
    .await
    .context("looking for commands nobody fetched")?;
    rows.into_iter().map(Stored::try_from).collect()
}

/// Deletes commands that ended before this time.
pub async fn delete_ended(pool: &Pool, before: DateTime<Utc>) -> anyhow::Result<()> {
    sqlx::query!(
        "delete from commands where status in ('completed', 'failed', 'cancelled') and completed_at < $1",
        before
    )
    .execute(pool)
    .await
    .context("deleting old commands")?;
    Ok(())
}
