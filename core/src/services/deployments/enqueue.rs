//! Queues a command for the agent of a host, with its audit entry and its event for pages. It is the last step of the use case's
//! transaction.

use anyhow::Context as _;
use domain::{
    access::Caller,
    api::{Command, Happened},
    command::{CommandKind, CommandType, Priority},
    deploy::{DeployStack, PlanStack, RemoveStack},
};
use serde::Serialize;
use serde_json::json;
use sqlx::PgConnection;

use crate::{
    context::Context,
    db::{
        audit_log::{self, AuditEntry},
        commands::{self, NewCommand},
        deployments::{Stored, deployment_events},
    },
};

/// Seconds between two progress reports while the agent changes something.
const CHANGING_MAY_TAKE: i32 = 600;

/// A command for the agent of a host.
pub trait Order: Serialize {
    const KIND: CommandKind;

    /// The time limit in seconds. Each progress report restarts it.
    fn may_take(&self) -> i32;
}

impl Order for PlanStack {
    const KIND: CommandKind = CommandKind::PlanStack;

    fn may_take(&self) -> i32 {
        60
    }
}

impl Order for DeployStack {
    const KIND: CommandKind = CommandKind::DeployStack;

    /// Counts the health timeout twice: first the engine waits for dependencies, then the agent waits for health without
    /// reporting.
    fn may_take(&self) -> i32 {
        let waiting = i32::try_from(self.health_timeout_secs).unwrap_or(i32::MAX);
        waiting.saturating_mul(2).saturating_add(CHANGING_MAY_TAKE)
    }
}

impl Order for RemoveStack {
    const KIND: CommandKind = CommandKind::RemoveStack;

    fn may_take(&self) -> i32 {
        CHANGING_MAY_TAKE
    }
}

pub async fn enqueue<O: Order + Sync>(
    connection: &mut PgConnection,
    deployment: &Stored,
    order: &O,
    revision: Option<i32>,
    caller: &Caller,
    context: &Context,
) -> anyhow::Result<Command> {
    let now = context.clock.now();
    let command_type = CommandType::from(O::KIND);
    let parameters = serde_json::to_value(order).context("writing the parameters of a command")?;
    let command = commands::insert(
        connection,
        NewCommand {
            id: context.random.uuid_v7(now),
            channel: &deployment.channel(),
            deployment_hash: &deployment.hash,
            command_type: &command_type,
            priority: Priority::Normal,
            parameters: &parameters,
            metadata: None,
            timeout_seconds: order.may_take(),
            scheduled_for: None,
            created_by: &caller.user_id,
            revision,
            now,
        },
    )
    .await?;
    let entry = AuditEntry {
        deployment_hash: Some(&deployment.hash),
        details: json!({"command_id": command.command_id, "type": command.r#type, "revision": revision}),
        ..context.audited_by(caller, "command.enqueued")
    };
    audit_log::record(connection, entry).await?;
    let queued = Happened::Command {
        command_id: command.command_id.clone(),
        command_type: command.r#type.clone(),
        status: command.status,
        revision,
        message: None,
    };
    deployment_events::append(connection, &deployment.hash, &queued, now).await?;
    Ok(command)
}
