//! Delivers commands to agents, and undoes deliveries. Implements the columns "delivered" and "progress" of the table in
//! [`domain::command`]; their conditions on the state are the `where` clauses here.

use std::net::IpAddr;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Row, Stored};

pub struct Claim<'a> {
    pub channel: &'a str,
    pub agent_id: Uuid,
    /// The id of the line in the audit log.
    pub audit_id: Uuid,
    pub address: Option<IpAddr>,
    /// Added to the time that the command allows, as a reserve for the agent.
    pub grace_seconds: i32,
    pub now: DateTime<Utc>,
}

pub struct Claimed {
    pub stored: Stored,
    /// More commands wait on this channel.
    pub more: bool,
}

/// Claims the first command in the queue and starts its lease, in one statement, so that no other agent or server gets it too.
/// Returns `None` if the agent was revoked meanwhile.
pub async fn claim(connection: &mut PgConnection, claim: &Claim<'_>) -> anyhow::Result<Option<Claimed>> {
    let row = sqlx::query!(
        r#"
        with next as (
            select id
            from commands
            where channel = $1 and status = 'queued' and (scheduled_for is null or scheduled_for <= $2)
            order by rank desc, created_at, id
            limit 1
            for update skip locked
        ), claimed as (
            update commands
            set status = 'sent', sent_at = $2, updated_at = $2, deliveries = deliveries + 1,
                lease_until = $2 + (timeout_seconds + $3) * interval '1 second'
            from next
            where commands.id = next.id
                and exists (
                    select from agents left join host on host.id = agents.host_id
                    where agents.id = $4 and host.revoked_at is null
                )
            returning commands.*
        ), audited as (
            insert into audit_log
                (id, agent_id, deployment_hash, owner_id, action, status, details, ip_address, created_at)
            select $5, $4, deployment_hash,
                (select user_id from deployment d where d.deployment_hash = claimed.deployment_hash),
                'command.delivered', 'success', jsonb_build_object('command_id', command_id, 'deliveries', deliveries), $6::text::inet, $2
            from claimed
        )
        select id, command_id, channel, deployment_hash, type as command_type, status, priority, repeatable, parameters,
            result, error, created_by, revision, deliveries, scheduled_for, sent_at, started_at, completed_at,
            timeout_seconds, metadata, created_at, updated_at,
            exists (
                select from commands other
                where other.channel = $1 and other.status = 'queued' and other.id <> claimed.id
            ) as "more!"
        from claimed
        "#,
        claim.channel,
        claim.now,
        claim.grace_seconds,
        claim.agent_id,
        claim.audit_id,
        claim.address.map(|address| address.to_string()),
    )
    .fetch_optional(connection)
    .await
    .context("claiming a command")?;
    let Some(row) = row else { return Ok(None) };
    let stored = Row {
        id: row.id,
        command_id: row.command_id,
        channel: row.channel,
        deployment_hash: row.deployment_hash,
        command_type: row.command_type,
        status: row.status,
        priority: row.priority,
        repeatable: row.repeatable,
        parameters: row.parameters,
        result: row.result,
        error: row.error,
        created_by: row.created_by,
        revision: row.revision,
        deliveries: row.deliveries,
        scheduled_for: row.scheduled_for,
        sent_at: row.sent_at,
        started_at: row.started_at,
        completed_at: row.completed_at,
        timeout_seconds: row.timeout_seconds,
        metadata: row.metadata,
        created_at: row.created_at,
        updated_at: row.updated_at,
    };
    Ok(Some(Claimed { stored: stored.try_into()?, more: row.more }))
}

/// When the next scheduled command of a channel is due.
pub async fn next_due(
    connection: &mut PgConnection,
    channel: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!(
        "select min(scheduled_for) from commands where channel = $1 and status = 'queued' and scheduled_for > $2",
        channel,
        now,
    )
    .fetch_one(connection)
    .await
    .context("looking for scheduled commands")
}

/// Undoes the delivery with this number, which did not reach the agent, and wakes the poll that waits for the command. Returns
/// false if the command has changed its state meanwhile.
pub async fn release(
    connection: &mut PgConnection,
    id: Uuid,
    delivery: i16,
    now: DateTime<Utc>,
) -> anyhow::Result<bool> {
    let released = sqlx::query_scalar!(
        r#"
        with released as (
            update commands
            set status = 'queued', sent_at = null, lease_until = null, deliveries = deliveries - 1, updated_at = $3
            where id = $1 and status = 'sent' and deliveries = $2
            returning channel
        )
        select pg_notify('commands', channel)::text as "notified" from released
        "#,
        id,
        delivery,
        now,
    )
    .fetch_optional(connection)
    .await
    .context("giving a command back")?;
    Ok(released.is_some())
}

/// The agent is working on the command, so its lease starts again. The row must be locked.
pub async fn renew(
    connection: &mut PgConnection,
    id: Uuid,
    grace_seconds: i32,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        update commands
        set status = 'executing', started_at = coalesce(started_at, $3), updated_at = $3,
            lease_until = $3 + (timeout_seconds + $2) * interval '1 second'
        where id = $1 and status in ('sent', 'executing')
        "#,
        id,
        grace_seconds,
        now,
    )
    .execute(connection)
    .await
    .context("renewing a lease")?;
    Ok(())
}
