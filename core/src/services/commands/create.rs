//! Creates a command.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access::{Action, Caller, LacksRole, ProjectRole, Resource, may},
    api::{Command, CreateCommand},
    command::{CommandType, InvalidCommandType, InvalidParameters, Priority, normalise_parameters},
    problem::{Problem, ProblemKind, UseCaseError},
};
use serde_json::json;

use super::{By, Commands, audit, tell_pages};
use crate::db::commands::{self, NewCommand, Stored};

const DEFAULT_TIMEOUT: i32 = 300;
const LONGEST_TIMEOUT: i32 = 86_400;
/// The longest deployment hash; no deployment has a longer one.
pub(super) const MAX_HASH: usize = 128;
/// A command can be scheduled for a time between one day ago and one year ahead.
const SCHEDULED_BEFORE: TimeDelta = TimeDelta::days(1);
const SCHEDULED_AFTER: TimeDelta = TimeDelta::days(365);

#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    #[error("your role does not allow commands")]
    Forbidden,
    #[error(transparent)]
    LacksRole(#[from] LacksRole),
    #[error("deployment not found")]
    NotFound,
    #[error("{message}")]
    Invalid { field: &'static str, message: String },
    #[error("this deployment already has {most} waiting or running commands, which is the limit")]
    TooManyOpen { most: u32 },
    #[error("the command could not be queued")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for CreateError {
    fn problem(&self) -> Problem {
        match self {
            Self::Forbidden => Problem::forbidden(),
            Self::LacksRole(lacks) => lacks.problem(),
            Self::NotFound => Problem::not_found().missing("deployment"),
            Self::Invalid { field, .. } => {
                Problem::new(ProblemKind::Invalid, "invalid", self).about_field(field)
            }
            Self::TooManyOpen { .. } => {
                Problem::new(ProblemKind::TooManyWaiting, "too-many-open-commands", self)
            }
            Self::Internal(_) => Problem::internal(),
        }
    }
}

impl From<sqlx::Error> for CreateError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<InvalidCommandType> for CreateError {
    fn from(problem: InvalidCommandType) -> Self {
        Self::Invalid { field: "command_type", message: problem.to_string() }
    }
}

impl From<InvalidParameters> for CreateError {
    fn from(problem: InvalidParameters) -> Self {
        Self::Invalid { field: "parameters", message: problem.to_string() }
    }
}

impl Commands {
    /// Queues the command. A waiting agent receives it as soon as the transaction commits.
    pub async fn create(&self, caller: &Caller, request: CreateCommand) -> Result<Command, CreateError> {
        if !may(caller, Resource::Deployment, Action::Update) {
            return Err(CreateError::Forbidden);
        }
        let hash = request.deployment_hash.trim();
        if hash.is_empty() {
            return Err(invalid("deployment_hash", "deployment_hash is required"));
        }
        let command_type = CommandType::parse(&request.command_type)?;
        let parameters = normalise_parameters(&command_type, request.parameters)?;
        let timeout_seconds = request.timeout_seconds.unwrap_or(DEFAULT_TIMEOUT);
        if !(1..=LONGEST_TIMEOUT).contains(&timeout_seconds) {
            return Err(invalid("timeout_seconds", "timeout_seconds must be between 1 and 86400"));
        }
        let now = self.core.context.clock.now();
        if request.scheduled_for.is_some_and(|time| !can_be_scheduled(time, now)) {
            return Err(invalid(
                "scheduled_for",
                "scheduled_for must be between a day ago and a year from now",
            ));
        }
        if hash.len() > MAX_HASH {
            return Err(CreateError::NotFound);
        }

        let mut transaction = self.core.pool.begin().await?;
        let (channel, role) = commands::lock_channel_of(&mut transaction, &caller.user_id, hash)
            .await?
            .ok_or(CreateError::NotFound)?;
        role.require(ProjectRole::least_for(&command_type))?;
        if commands::count_open(&mut transaction, hash).await?
            >= i64::from(self.core.limits.open_commands_per_deployment)
        {
            return Err(CreateError::TooManyOpen { most: self.core.limits.open_commands_per_deployment });
        }
        let new = NewCommand {
            id: self.core.context.random.uuid_v4(),
            channel: &channel,
            deployment_hash: hash,
            command_type: &command_type,
            priority: request.priority.as_deref().map(Priority::named).unwrap_or_default(),
            parameters: &parameters,
            metadata: request.metadata.as_ref(),
            timeout_seconds,
            scheduled_for: request.scheduled_for,
            created_by: &caller.user_id,
            revision: None,
            now,
        };
        let repeatable = command_type.is_repeatable();
        let command = commands::insert(&mut transaction, new).await?;
        let details = json!({"type": command.r#type, "priority": command.priority});
        audit(
            &mut transaction,
            &self.core.context,
            By::Caller(caller),
            "command.enqueued",
            &command,
            details,
        )
        .await?;
        let stored = Stored { command, channel, revision: None, repeatable };
        tell_pages(&mut transaction, &stored, &self.core.context).await?;
        transaction.commit().await?;
        if let Some(due) = stored.command.scheduled_for {
            self.core.hub.work_at(&stored.channel, due, now);
        }
        Ok(stored.command)
    }
}

fn can_be_scheduled(time: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    time >= now - SCHEDULED_BEFORE && time <= now + SCHEDULED_AFTER
}

fn invalid(field: &'static str, message: &str) -> CreateError {
    CreateError::Invalid { field, message: message.to_owned() }
}
