//! Table `commands`, as deployments and hosts query it: open, taken and cancelled commands.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{
    access::Caller,
    api::{Happened, ProgressLine, RunningCommand},
    command::{State, names_of_looks},
    deploy::Plan,
};
use serde_json::Value;
use sqlx::PgConnection;

use crate::db::Pool;

/// Maximum number of progress lines shown for one command; our agent sends fewer.
const MAX_PROGRESS: i64 = 500;

/// The command that is running on a deployment or waiting, with its progress so far. Commands that only read are left out.
pub async fn at_work(pool: &Pool, hash: &str) -> anyhow::Result<Option<RunningCommand>> {
    let command = sqlx::query!(
        r#"
        select command_id, type, coalesce(started_at, sent_at, created_at) as "started_at!"
        from commands
        where deployment_hash = $1 and status in ('queued', 'sent', 'executing')
            and type <> all($2)
        order by status = 'queued', created_at
        limit 1
        "#,
        hash,
        &names_of_looks(),
    )
    .fetch_optional(pool)
    .await
    .context("reading what is at work on a deployment")?;
    let Some(command) = command else { return Ok(None) };
    let progress = sqlx::query_as!(
        ProgressLine,
        r#"
        select seq, step, message, at
        from (select * from command_progress where command_id = $1 order by seq desc limit $2) latest
        order by seq
        "#,
        command.command_id,
        MAX_PROGRESS,
    )
    .fetch_all(pool)
    .await
    .context("reading the progress of a command")?;
    Ok(Some(RunningCommand {
        command_id: command.command_id,
        r#type: command.r#type.into(),
        started_at: command.started_at,
        progress,
    }))
}

/// A command that asks for the plan of a revision and has not ended yet.
pub async fn open_plan(
    connection: &mut PgConnection,
    hash: &str,
    revision: i32,
) -> anyhow::Result<Option<String>> {
    sqlx::query_scalar!(
        r#"
        select command_id
        from commands
        where deployment_hash = $1 and revision = $2 and type = 'plan_stack'
            and status in ('queued', 'sent', 'executing')
        limit 1
        "#,
        hash,
        revision,
    )
    .fetch_optional(connection)
    .await
    .context("looking for a plan that was asked for")
}

/// The outcome of a request for a plan: its state, its error, and the plan of the revision.
pub async fn plan_of(
    pool: &Pool,
    hash: &str,
    command_id: &str,
    revision: i32,
) -> anyhow::Result<Option<(State, Option<Value>, Option<(Plan, String)>)>> {
    let row = sqlx::query!(
        r#"
        select c.status, c.error, r.plan as "plan?", r.plan_hash as "plan_hash?"
        from commands c
        join deployment d on d.deployment_hash = c.deployment_hash
        left join deployment_revision r on r.deployment_id = d.id and r.number = $3
        where c.deployment_hash = $1 and c.command_id = $2
        "#,
        hash,
        command_id,
        revision,
    )
    .fetch_optional(pool)
    .await
    .context("reading a plan")?;
    let Some(row) = row else { return Ok(None) };
    let state = State::named(&row.status).with_context(|| format!("`{}` is no state", row.status))?;
    let plan = row.plan.and_then(|plan| serde_json::from_value(plan).ok()).zip(row.plan_hash);
    Ok(Some((state, row.error, plan)))
}

/// Locks the commands that asked for plans. Called before the deployment is locked: reports lock in the same order.
pub async fn lock_plans(connection: &mut PgConnection, hash: &str, user_id: &str) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        select id from commands
        where deployment_hash = $1 and type in ('plan_stack', 'stacker.plan_stack')
            and exists (
                select from deployment d
                join deployment_access access on access.deployment_id = d.id and access.user_id = $2
                where d.deployment_hash = $1
            )
        order by id
        for update
        "#,
        hash,
        user_id,
    )
    .fetch_all(connection)
    .await
    .context("locking the commands that asked for plans")?;
    Ok(())
}

/// Deletes the commands that asked for the plans of one revision, or of all: an answer that still comes belongs to nothing.
pub async fn delete_plans(
    connection: &mut PgConnection,
    hash: &str,
    revision: Option<i32>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        delete from commands
        where deployment_hash = $1 and type in ('plan_stack', 'stacker.plan_stack')
            and ($2::integer is null or revision = $2)
        "#,
        hash,
        revision,
    )
    .execute(connection)
    .await
    .context("deleting the commands that asked for plans")?;
    Ok(())
}

/// Called before the deployment is locked: reports lock in the same order.
pub async fn lock_queued(connection: &mut PgConnection, hash: &str, user_id: &str) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        select id from commands
        where deployment_hash = $1 and status = 'queued'
            and exists (
                select from deployment d
                join deployment_access access on access.deployment_id = d.id and access.user_id = $2
                where d.deployment_hash = $1
            )
        order by id
        for update
        "#,
        hash,
        user_id,
    )
    .fetch_all(connection)
    .await
    .context("locking the queued commands of a deployment")?;
    Ok(())
}

/// Whether an agent ever received a command that changes the stack. Old commands are deleted, so the deployment and its revisions
/// count too: a revision that was tried counts as delivered unless its undelivered command is still stored.
pub async fn was_taken(connection: &mut PgConnection, hash: &str) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"
        select exists (
            select from commands
            where deployment_hash = $1 and deliveries > 0 and type <> all($2)
            union all
            select from deployment where deployment_hash = $1 and running_revision is not null
            union all
            select from deployment_revision r
            join deployment d on d.id = r.deployment_id
            where d.deployment_hash = $1 and r.outcome <> 'planned'
                and not exists (
                    select from commands c
                    where c.deployment_hash = $1 and c.revision = r.number and c.deliveries = 0 and c.type <> all($2)
                )
        ) as "taken!"
        "#,
        hash,
        &names_of_looks(),
    )
    .fetch_one(connection)
    .await
    .context("asking whether an agent had a deployment in hand")
}

/// The caller who cancels several commands at once.
pub struct Canceller<'a> {
    pub caller: &'a Caller,
    pub now: DateTime<Utc>,
}

/// Selects the commands to cancel.
#[derive(Clone, Copy)]
pub enum Cancelled<'a> {
    /// The queued commands of a deployment, which no agent has fetched yet.
    QueuedOf { deployment_hash: &'a str },
    /// All commands of a channel that have not ended.
    OpenOn { channel: &'a str },
}

/// Skips commands that an agent is fetching at this moment. Writes an audit line for each cancelled command, and returns the
/// events to append, each with its deployment.
pub async fn cancel(
    connection: &mut PgConnection,
    which: Cancelled<'_>,
    by: &Canceller<'_>,
) -> anyhow::Result<Vec<(String, Happened)>> {
    let (deployment_hash, channel) = match which {
        Cancelled::QueuedOf { deployment_hash } => (Some(deployment_hash), None),
        Cancelled::OpenOn { channel } => (None, Some(channel)),
    };
    let rows = sqlx::query!(
        r#"
        with free as (
            select id, status from commands
            where (deployment_hash = $1 and status = 'queued')
                or (channel = $2 and status in ('queued', 'sent', 'executing'))
            for update skip locked
        ), cancelled as (
            update commands c
            set status = 'cancelled', lease_until = null, completed_at = $3, updated_at = $3
            from free
            where c.id = free.id
            returning c.deployment_hash, c.command_id, c.type, c.revision, free.status as was
        ), audited as (
            insert into audit_log
                (id, deployment_hash, user_id, client_id, owner_id, action, status, details, ip_address, created_at)
            select gen_random_uuid(), deployment_hash, $4, $5,
                (select user_id from deployment d where d.deployment_hash = cancelled.deployment_hash),
                'command.cancelled', 'success', jsonb_build_object('command_id', command_id, 'was', was),
                $6::text::inet, $3
            from cancelled
        )
        select deployment_hash, command_id, type as command_type, revision from cancelled
        "#,
        deployment_hash,
        channel,
        by.now,
        by.caller.user_id,
        by.caller.client,
        by.caller.address.map(|address| address.to_string()),
    )
    .fetch_all(connection)
    .await
    .context("cancelling commands")?;
    let told = rows.into_iter().map(|row| {
        let (command_id, command_type, revision) = (row.command_id, row.command_type.into(), row.revision);
        let status = State::Cancelled;
        (row.deployment_hash, Happened::Command { command_id, command_type, status, revision, message: None })
    });
    Ok(told.collect())
}

/// Called before the deployments of a host are locked: reports lock in the same order.
pub async fn lock_open_of_channel(connection: &mut PgConnection, channel: &str) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        select id from commands
        where channel = $1 and status in ('queued', 'sent', 'executing')
        order by id
        for update
        "#,
        channel
    )
    .fetch_all(connection)
    .await
    .context("locking the open commands of a host")?;
    Ok(())
}
