//! Reads the logs of a service for a page: sends a command to the agent and waits for its answer.

use std::time::Duration;

use domain::{
    access::Caller,
    api::{Command, CreateCommand, LogPage},
    command::{CommandKind, Priority, State},
    problem::{Problem, ProblemKind, UseCaseError},
};
use serde::Deserialize as _;
use serde_json::json;
use tokio::time::Instant;

use super::{CancelError, Commands, CreateError, ListError, told};

/// An agent that is online answers within a second, and people do not wait much longer than this.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most lines of one answer, as agents expect.
const LINES: i32 = 400;

#[derive(Debug, thiserror::Error)]
pub enum LogsError {
    #[error(transparent)]
    Create(#[from] CreateError),
    #[error(transparent)]
    List(#[from] ListError),
    #[error(transparent)]
    Cancel(#[from] CancelError),
    /// The reason that the agent gave.
    #[error("{0}")]
    Failed(String),
    #[error("the agent did not answer in time")]
    NoAnswer,
}

impl UseCaseError for LogsError {
    fn problem(&self) -> Problem {
        match self {
            Self::Create(error) => error.problem(),
            Self::List(error) => error.problem(),
            Self::Cancel(error) => error.problem(),
            Self::Failed(_) => Problem::conflict("logs-failed", self),
            Self::NoAnswer => Problem::new(ProblemKind::NoAnswer, "no-answer", self),
        }
    }
}

impl Commands {
    /// Returns the last lines, or those after the cursor. A command that has not ended in time is cancelled, so that commands for
    /// an offline agent do not pile up.
    pub async fn read_logs(
        &self,
        caller: &Caller,
        deployment_hash: &str,
        service: &str,
        cursor: Option<String>,
    ) -> Result<LogPage, LogsError> {
        let request = CreateCommand {
            deployment_hash: deployment_hash.to_owned(),
            command_type: CommandKind::Logs.as_str().to_owned(),
            priority: Some(Priority::High.as_str().to_owned()),
            parameters: Some(json!({"app_code": service, "cursor": cursor, "limit": LINES})),
            timeout_seconds: Some(30),
            ..CreateCommand::default()
        };
        let asked = self.create(caller, request).await?;
        let answer = self.ended(caller, deployment_hash, &asked.command_id, PATIENCE).await?;
        match answer.status {
            State::Completed => {
                let page = answer.result.as_ref().and_then(|result| LogPage::deserialize(result).ok());
                page.ok_or_else(|| LogsError::Failed("the agent's answer is not a log".to_owned()))
            }
            State::Failed => {
                let reason = answer.error.as_ref().and_then(told);
                Err(LogsError::Failed(
                    reason.unwrap_or_else(|| "the agent could not read the logs".to_owned()),
                ))
            }
            State::Queued | State::Sent | State::Executing | State::Cancelled => {
                match self.cancel(caller, deployment_hash, &asked.command_id).await {
                    // The command ended at this very moment. The next request gets its own answer.
                    Ok(_) | Err(CancelError::Ended(_)) => Err(LogsError::NoAnswer),
                    Err(error) => Err(error.into()),
                }
            }
        }
    }

    /// Waits until the command has ended or the time is over, and returns the command in its current state.
    async fn ended(
        &self,
        caller: &Caller,
        deployment_hash: &str,
        command: &str,
        patience: Duration,
    ) -> Result<Command, ListError> {
        let until = Instant::now() + patience;
        // Subscribed before reading, so that no change is missed.
        let mut news = self.core.hub.deployment_events(deployment_hash);
        loop {
            let found = self.get(caller, deployment_hash, command).await?;
            if found.status.is_final() {
                return Ok(found);
            }
            tokio::select! {
                () = news.changed() => {}
                () = tokio::time::sleep_until(until) => return Ok(found),
                () = self.core.hub.stopping().cancelled() => return Ok(found),
            }
        }
    }
}
