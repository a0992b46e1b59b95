//! Telling our agent what to do: the command, who asked for it, and that pages hear of it. Inside the transaction of the
//! use case, whose last act it is.

use anyhow::Context as _;
use domain::{
    access::Caller,
    api::{Command, Happened},
    command::{CommandType, Kind, Priority},
};
use serde::Serialize;
use serde_json::json;
use sqlx::PgConnection;

use crate::{
    db::{
        audit_log::{self, AuditEntry},
        commands::{self, NewCommand},
        deployment_events,
        deployments::Stored,
    },
    services::Context,
};

/// A plan needs no more than a look at the host.
const PLANNING_MAY_TAKE: i32 = 60;
/// Between two signs of life: each progress begins it anew.
const CHANGING_MAY_TAKE: i32 = 600;

pub async fn enqueue(
    connection: &mut PgConnection,
    deployment: &Stored,
    kind: Kind,
    parameters: impl Serialize,
    revision: Option<i32>,
    caller: &Caller,
    context: &Context,
) -> anyhow::Result<Command> {
    let now = context.clock.now();
    let command_type = CommandType::from(kind);
    let parameters = serde_json::to_value(parameters).context("writing the parameters of a command")?;
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
            timeout_seconds: if kind.changes_something() { CHANGING_MAY_TAKE } else { PLANNING_MAY_TAKE },
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
