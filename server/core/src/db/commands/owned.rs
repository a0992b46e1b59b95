//! Commands as the owner of a deployment sees them. Ownership is part of every query.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::api::Command;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{Row, Stored};

/// Where commands for a deployment go. `None` when it is not the user's, or was taken down.
pub async fn channel_of(
    connection: &mut PgConnection,
    user_id: &str,
    deployment_hash: &str,
) -> anyhow::Result<Option<String>> {
    sqlx::query_scalar!(
        r#"
        select case when host_id is null then deployment_hash else 'host_' || host_id end as "channel!"
        from deployment
        where deployment_hash = $1 and user_id = $2 and not deleted and status not in ('removed', 'cancelled')
        "#,
        deployment_hash,
        user_id,
    )
    .fetch_optional(connection)
    .await
    .context("looking up where commands of a deployment go")
}

#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// Changed after this, the last changed first; without it all, the newest first.
    pub since: Option<DateTime<Utc>>,
    pub limit: i64,
}

/// `None` when the deployment is not the user's.
pub async fn list(
    pool: &PgPool,
    user_id: &str,
    deployment_hash: &str,
    filter: Filter,
) -> anyhow::Result<Option<Vec<Command>>> {
    let rows = match filter.since {
        Some(since) => {
            sqlx::query_as!(
                Row,
                r#"
                select c.id, command_id, channel, c.deployment_hash, type as command_type, c.status, priority, repeatable,
                    parameters, result, error, created_by, revision, deliveries, scheduled_for, sent_at, started_at,
                    completed_at, timeout_seconds, c.metadata, c.created_at, c.updated_at
                from commands c
                join deployment d on d.deployment_hash = c.deployment_hash
                where d.deployment_hash = $1 and d.user_id = $2 and c.updated_at > $3
                order by c.updated_at desc
                limit $4
                "#,
                deployment_hash,
                user_id,
                since,
                filter.limit,
            )
            .fetch_all(pool)
            .await
        }
        None => {
            sqlx::query_as!(
                Row,
                r#"
                select c.id, command_id, channel, c.deployment_hash, type as command_type, c.status, priority, repeatable,
                    parameters, result, error, created_by, revision, deliveries, scheduled_for, sent_at, started_at,
                    completed_at, timeout_seconds, c.metadata, c.created_at, c.updated_at
                from commands c
                join deployment d on d.deployment_hash = c.deployment_hash
                where d.deployment_hash = $1 and d.user_id = $2
                order by c.created_at desc
                limit $3
                "#,
                deployment_hash,
                user_id,
                filter.limit,
            )
            .fetch_all(pool)
            .await
        }
    }
    .context("listing commands")?;
    if rows.is_empty() && !is_of(pool, user_id, deployment_hash).await? {
        return Ok(None);
    }
    let commands: anyhow::Result<Vec<Stored>> = rows.into_iter().map(Stored::try_from).collect();
    Ok(Some(commands?.into_iter().map(|stored| stored.command).collect()))
}

async fn is_of(pool: &PgPool, user_id: &str, deployment_hash: &str) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from deployment where deployment_hash = $1 and user_id = $2) as "exists!""#,
        deployment_hash,
        user_id,
    )
    .fetch_one(pool)
    .await
    .context("looking up whose a deployment is")
}

/// By `cmd_…` or by the id of the row.
pub async fn find(
    pool: &PgPool,
    user_id: &str,
    deployment_hash: &str,
    command: &str,
) -> anyhow::Result<Option<Command>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select c.id, command_id, channel, c.deployment_hash, type as command_type, c.status, priority, repeatable,
            parameters, result, error, created_by, revision, deliveries, scheduled_for, sent_at, started_at,
            completed_at, timeout_seconds, c.metadata, c.created_at, c.updated_at
        from commands c
        join deployment d on d.deployment_hash = c.deployment_hash
        where d.deployment_hash = $1 and d.user_id = $2 and (c.command_id = $3 or c.id = $4)
        "#,
        deployment_hash,
        user_id,
        command,
        command.parse::<Uuid>().ok(),
    )
    .fetch_optional(pool)
    .await
    .context("looking up a command")?;
    Ok(row.map(Stored::try_from).transpose()?.map(|stored| stored.command))
}

/// As [`find`]; nobody else changes it until the transaction ends.
pub async fn find_locked_of_owner(
    connection: &mut PgConnection,
    user_id: &str,
    deployment_hash: &str,
    command: &str,
) -> anyhow::Result<Option<Stored>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select c.id, command_id, channel, c.deployment_hash, type as command_type, c.status, priority, repeatable,
            parameters, result, error, created_by, revision, deliveries, scheduled_for, sent_at, started_at,
            completed_at, timeout_seconds, c.metadata, c.created_at, c.updated_at
        from commands c
        join deployment d on d.deployment_hash = c.deployment_hash
        where d.deployment_hash = $1 and d.user_id = $2 and (c.command_id = $3 or c.id = $4)
        for update of c
        "#,
        deployment_hash,
        user_id,
        command,
        command.parse::<Uuid>().ok(),
    )
    .fetch_optional(connection)
    .await
    .context("looking up a command to change it")?;
    row.map(Stored::try_from).transpose()
}
