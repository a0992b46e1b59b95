//! Table `commands`: work for agents.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{
    api::Command,
    command::{CommandType, Lease, Priority, State},
};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

mod claim;
pub(crate) mod command_progress;
mod owned;
mod sweep;

pub use claim::{Claim, claim, next_due, release, renew};
pub use owned::{Filter, count_open, find, find_locked_of, list, lock_channel_of};
pub use sweep::{delete_ended, outstanding, overdue_locked, requeue, unfetched_locked};

/// A row, including the columns that clients do not see.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub command: Command,
    pub channel: String,
    pub revision: Option<i32>,
    pub repeatable: bool,
}

impl Stored {
    /// What [`domain::command`] needs to know beside the state.
    pub fn lease(&self) -> Lease {
        Lease { deliveries: u16::try_from(self.command.deliveries).unwrap_or(0), repeatable: self.repeatable }
    }
}

struct Row {
    id: Uuid,
    command_id: String,
    channel: String,
    deployment_hash: String,
    command_type: String,
    status: String,
    priority: String,
    repeatable: bool,
    parameters: Value,
    result: Option<Value>,
    error: Option<Value>,
    created_by: String,
    revision: Option<i32>,
    deliveries: i16,
    scheduled_for: Option<DateTime<Utc>>,
    sent_at: Option<DateTime<Utc>>,
    started_at: Option<DateTime<Utc>>,
    completed_at: Option<DateTime<Utc>>,
    timeout_seconds: i32,
    metadata: Option<Value>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl TryFrom<Row> for Stored {
    type Error = anyhow::Error;

    fn try_from(row: Row) -> Result<Self, anyhow::Error> {
        let status = State::named(&row.status)
            .with_context(|| format!("the command {} has a status nobody knows", row.command_id))?;
        let command = Command {
            id: row.id,
            command_id: row.command_id,
            deployment_hash: row.deployment_hash,
            r#type: row.command_type.into(),
            status,
            priority: Priority::named(&row.priority),
            parameters: row.parameters,
            result: row.result,
            error: row.error,
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
            timeout_seconds: Some(row.timeout_seconds),
            metadata: row.metadata,
            scheduled_for: row.scheduled_for,
            sent_at: row.sent_at,
            started_at: row.started_at,
            completed_at: row.completed_at,
            deliveries: row.deliveries,
        };
        Ok(Self { command, channel: row.channel, revision: row.revision, repeatable: row.repeatable })
    }
}

/// A command that is about to be queued.
pub struct NewCommand<'a> {
    pub id: Uuid,
    /// The channel that fetches the command: the deployment hash, or the channel of a host.
    pub channel: &'a str,
    pub deployment_hash: &'a str,
    pub command_type: &'a CommandType,
    pub priority: Priority,
    /// Never null.
    pub parameters: &'a Value,
    pub metadata: Option<&'a Value>,
    pub timeout_seconds: i32,
    pub scheduled_for: Option<DateTime<Utc>>,
    pub created_by: &'a str,
    /// The revision of the deployment that the command plans or deploys.
    pub revision: Option<i32>,
    pub now: DateTime<Utc>,
}

/// The id by which agents and clients refer to a command.
pub fn command_id(id: Uuid) -> String {
    format!("cmd_{id}")
}

/// Queues a command; when the transaction commits, agents that wait for it are woken.
pub async fn insert(connection: &mut PgConnection, new: NewCommand<'_>) -> anyhow::Result<Command> {
    let command_id = command_id(new.id);
    sqlx::query!(
        r#"
        with made as (
            insert into commands (id, command_id, channel, deployment_hash, type, priority, rank, repeatable, parameters,
                created_by, revision, scheduled_for, timeout_seconds, metadata, created_at, updated_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)
        )
        select pg_notify('commands', $3)
        "#,
        new.id,
        command_id,
        new.channel,
        new.deployment_hash,
        new.command_type.as_str(),
        new.priority.as_str(),
        new.priority.rank(),
        new.command_type.is_repeatable(),
        new.parameters,
        new.created_by,
        new.revision,
        new.scheduled_for,
        new.timeout_seconds,
        new.metadata,
        new.now,
    )
    .fetch_one(connection)
    .await
    .context("queueing a command")?;
    Ok(Command {
        id: new.id,
        command_id,
        deployment_hash: new.deployment_hash.to_owned(),
        r#type: new.command_type.clone(),
        status: domain::command::State::Queued,
        priority: new.priority,
        parameters: new.parameters.clone(),
        result: None,
        error: None,
        created_by: new.created_by.to_owned(),
        created_at: new.now,
        updated_at: new.now,
        timeout_seconds: Some(new.timeout_seconds),
        metadata: new.metadata.cloned(),
        scheduled_for: new.scheduled_for,
        sent_at: None,
        started_at: None,
        completed_at: None,
        deliveries: 0,
    })
}

/// The command that an agent refers to; it must have been sent on the agent's channel. Until the transaction ends, no other
/// transaction changes it.
pub async fn find_locked_on_channel(
    connection: &mut PgConnection,
    channel: &str,
    command_id: &str,
) -> anyhow::Result<Option<Stored>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select id, command_id, channel, deployment_hash, type as command_type, status, priority, repeatable, parameters,
            result, error, created_by, revision, deliveries, scheduled_for, sent_at, started_at, completed_at,
            timeout_seconds, metadata, created_at, updated_at
        from commands
        where channel = $1 and command_id = $2
        for update
        "#,
        channel,
        command_id,
    )
    .fetch_optional(connection)
    .await
    .context("looking up a command of an agent")?;
    row.map(Stored::try_from).transpose()
}

/// How a command ended.
pub struct Ended<'a> {
    pub id: Uuid,
    /// A final state.
    pub status: State,
    pub result: Option<&'a Value>,
    pub error: Option<&'a Value>,
    pub now: DateTime<Utc>,
}

/// The row must be locked, and the command must not have ended (checked by `domain::command::step`).
pub async fn end(connection: &mut PgConnection, ended: Ended<'_>) -> anyhow::Result<Stored> {
    let row = sqlx::query_as!(
        Row,
        r#"
        update commands
        set status = $2, result = $3, error = $4, completed_at = $5, updated_at = $5, lease_until = null
        where id = $1 and status in ('queued', 'sent', 'executing')
        returning id, command_id, channel, deployment_hash, type as command_type, status, priority, repeatable, parameters,
            result, error, created_by, revision, deliveries, scheduled_for, sent_at, started_at, completed_at,
            timeout_seconds, metadata, created_at, updated_at
        "#,
        ended.id,
        ended.status.as_str(),
        ended.result,
        ended.error,
        ended.now,
    )
    .fetch_one(connection)
    .await
    .context("ending a command")?;
    row.try_into()
}
