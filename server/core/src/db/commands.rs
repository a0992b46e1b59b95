//! Table `commands`: what agents are told to do.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{
    api::Command,
    command::{CommandType, Priority},
};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

/// A command that is about to be queued.
pub struct NewCommand<'a> {
    pub id: Uuid,
    /// Who fetches it: the deployment hash, or the channel of a host.
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
    /// The revision of the deployment that it plans or brings up.
    pub revision: Option<i32>,
    pub now: DateTime<Utc>,
}

/// What agents and clients call a command.
pub fn command_id(id: Uuid) -> String {
    format!("cmd_{id}")
}

/// Queues a command and wakes who waits for it, once the transaction is through.
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
        r#type: new.command_type.as_str().to_owned(),
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
