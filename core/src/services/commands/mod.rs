//! Commands for agents. People with access to a deployment create and watch them; the deployment's agent fetches them and reports
//! how they ended.
//!
//! - [`create`], [`list`], [`cancel`], [`logs`]: what people do
//! - [`wait`], [`report`], [`progress`]: what agents do
//! - [`sweep`]: what happens if neither acts
//!
//! [`domain::command::step`] alone decides which state a command enters.

mod cancel;
mod create;
mod give_up;
mod list;
mod logs;
mod progress;
mod report;
mod sweep;
mod wait;

use std::{net::IpAddr, sync::Arc};

use domain::{
    access::Caller,
    api::{Command, Happened},
    audit::AuditOutcome,
    command::{State, failure_text},
};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

pub use cancel::CancelError;
pub use create::CreateError;
pub use list::{CommandFilter, CommandList, ListError};
pub use logs::LogsError;
pub use progress::ProgressError;
pub use report::ReportError;
pub use wait::{Delivery, Poll, WaitError};

use super::{agents::Sightings, reported_text};
use crate::{
    context::Context,
    db::{
        audit_log::{self, AuditEntry},
        commands::Stored,
        deployments::deployment_events,
    },
    services::{callbacks::events as callbacks, core::Core},
};

/// Seconds after the time limit of a command before the command is taken back.
pub(crate) const GRACE_SECONDS: i32 = 30;
/// The longest failure message that pages receive, in characters.
const MAX_MESSAGE: usize = 500;

#[derive(Clone, Debug)]
pub struct Commands {
    core: Arc<Core>,
    /// Shared with [`super::agents`]: a waiting poll counts as contact.
    sightings: Arc<Sightings>,
}

impl Commands {
    pub(super) fn new(core: Arc<Core>, sightings: Arc<Sightings>) -> Self {
        Self { core, sightings }
    }
}

/// Who acted on a command.
#[derive(Clone, Copy, Debug)]
enum By<'a> {
    Caller(&'a Caller),
    Agent {
        id: Uuid,
        address: Option<IpAddr>,
    },
    /// The time limit ran out; neither a caller nor an agent acted.
    TimeLimit,
}

/// Writes a line about a command to the audit log.
async fn audit(
    connection: &mut PgConnection,
    context: &Context,
    by: By<'_>,
    action: &str,
    command: &Command,
    mut details: Value,
) -> anyhow::Result<()> {
    details["command_id"] = json!(command.command_id);
    let entry = match by {
        By::Caller(caller) => context.audited_by(caller, action),
        By::Agent { id, address } => AuditEntry { agent_id: Some(id), address, ..context.audited(action) },
        By::TimeLimit => context.audited(action),
    };
    // A report that a command failed counts as a failure, although the report itself was accepted.
    let outcome = if command.status == State::Failed { AuditOutcome::Failed } else { AuditOutcome::Success };
    let deployment_hash = Some(command.deployment_hash.as_str());
    audit_log::record(connection, AuditEntry { outcome, deployment_hash, details, ..entry }).await
}

/// Queues the event for pages, and the callbacks if the command has ended. Must be the last step of a transaction.
async fn tell_pages(connection: &mut PgConnection, stored: &Stored, context: &Context) -> anyhow::Result<()> {
    let command = &stored.command;
    callbacks::command_ended(connection, command, context.clock.now()).await?;
    let event = Happened::Command {
        command_id: command.command_id.clone(),
        command_type: command.r#type.clone(),
        status: command.status,
        revision: stored.revision,
        message: (command.status == State::Failed).then(|| command.error.as_ref().and_then(told)).flatten(),
    };
    deployment_events::append(connection, &command.deployment_hash, &event, context.clock.now()).await
}

/// Why a command failed, as one line for people.
fn told(error: &Value) -> Option<String> {
    let text = failure_text(error)?;
    Some(reported_text::line(text.trim(), MAX_MESSAGE)).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_of_a_failure_is_found_however_it_is_written() {
        assert_eq!(told(&json!("no such app")).as_deref(), Some("no such app"));
        assert_eq!(told(&json!({"errors": [{"code": "x", "message": "boom"}]})).as_deref(), Some("boom"));
        assert_eq!(told(&json!({"code": "x", "message": "lost"})).as_deref(), Some("lost"));
        assert_eq!(told(&json!([1])), None);
        assert_eq!(told(&json!(" ")), None);
    }
}
