//! What other areas report: each function runs in the transaction of what happened, and takes one statement.
//!
//! Bodies contain no secrets: neither parameters nor results of commands.

use chrono::{DateTime, Utc};
use domain::{api::Command, callback::CallbackEvent, command::State, deploy::DeploymentStatus};
use serde_json::{Map, Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::TRIED_FOR;
use crate::db::callbacks::events::{self, OfDeployment};

/// Longer messages are cut, because bodies are small.
const MAX_MESSAGE_CHARACTERS: usize = 500;

/// What a callback says about a deployment.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    pub status: DeploymentStatus,
    /// Percent, where it is known.
    pub progress: Option<i16>,
    pub message: Option<&'a str>,
}

impl<'a> Told<'a> {
    pub fn status(status: DeploymentStatus) -> Self {
        Self { status, progress: None, message: None }
    }

    pub fn because(self, message: Option<&'a str>) -> Self {
        Self { message, ..self }
    }
}

/// How the new status of a deployment is called; `None` for one that nobody subscribes to.
pub fn event_of(status: DeploymentStatus) -> Option<CallbackEvent> {
    match status {
        DeploymentStatus::InProgress => Some(CallbackEvent::DeploymentStarted),
        DeploymentStatus::Completed => Some(CallbackEvent::DeploymentCompleted),
        DeploymentStatus::Failed | DeploymentStatus::Error | DeploymentStatus::Cancelled => {
            Some(CallbackEvent::DeploymentFailed)
        }
        DeploymentStatus::Removed => Some(CallbackEvent::DeploymentRemoved),
        _ => None,
    }
}

/// A deployment started, failed, …
pub async fn deployment(
    connection: &mut PgConnection,
    deployment_hash: &str,
    event: CallbackEvent,
    told: Told<'_>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let mut fields = Map::new();
    fields.insert("status".to_owned(), json!(told.status.as_str()));
    if let Some(percent) = told.progress {
        fields.insert("progress".to_owned(), json!(percent));
    }
    if let Some(message) = told.message {
        fields.insert("message".to_owned(), Value::String(cut(message)));
    }
    let happened = OfDeployment {
        event,
        deployment_hash,
        about: deployment_hash,
        fields,
        now,
        retry_until: now + TRIED_FOR,
    };
    events::of_deployment(connection, happened).await
}

/// A command has ended. Nothing is reported of one that was cancelled, because its owner did that.
pub async fn command_ended(
    connection: &mut PgConnection,
    command: &Command,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let event = match command.status {
        State::Completed => CallbackEvent::CommandCompleted,
        State::Failed => CallbackEvent::CommandFailed,
        _ => return Ok(()),
    };
    let mut fields = Map::new();
    fields.insert("command_id".to_owned(), json!(command.command_id));
    fields.insert("type".to_owned(), json!(command.r#type));
    fields.insert("status".to_owned(), json!(command.status));
    let happened = OfDeployment {
        event,
        deployment_hash: &command.deployment_hash,
        about: &command.command_id,
        fields,
        now,
        retry_until: now + TRIED_FOR,
    };
    events::of_deployment(connection, happened).await
}

/// These agents went offline, or came online.
pub async fn agents(
    connection: &mut PgConnection,
    event: CallbackEvent,
    agents: &[Uuid],
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    if agents.is_empty() {
        return Ok(());
    }
    events::of_agents(connection, event, agents, now, now + TRIED_FOR).await
}

fn cut(text: &str) -> String {
    text.replace('\0', "\u{fffd}").chars().take(MAX_MESSAGE_CHARACTERS).collect()
}
