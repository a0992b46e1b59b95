//! Progress that an agent reports while it works on a command.

use chrono::{DateTime, Utc};
use domain::{
    api::{Happened, ProgressAnswer, ProgressLine, ReportProgress},
    callback::CallbackEvent,
    command::{CommandKind, Event, State, Step, step},
    deploy::DeploymentStatus,
    problem::{Problem, ProblemKind, UseCaseError},
};

use super::{Commands, GRACE_SECONDS, tell_pages};
use crate::{
    db::{
        commands::{self, command_progress},
        deployments::deployment_events,
    },
    services::{
        agents::KnownAgent,
        callbacks::events::{self as callbacks, Told},
        reported_text,
    },
};

/// The most lines stored for one command. Further lines still renew the lease.
const MAX_LINES: i32 = 5_000;
const MAX_STEP: usize = 50;
const MAX_MESSAGE: usize = 2_000;

#[derive(Debug, thiserror::Error)]
pub enum ProgressError {
    #[error("Command not found")]
    NotFound,
    #[error("Command not found for this deployment")]
    OtherDeployment,
    #[error("seq must not be negative")]
    Invalid,
    #[error("the progress could not be stored")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for ProgressError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound | Self::OtherDeployment => {
                Problem::new(ProblemKind::NotFound, "not-found", self).missing("command")
            }
            Self::Invalid => Problem::new(ProblemKind::Invalid, "invalid", self).about_field("seq"),
            Self::Internal(_) => Problem::internal(),
        }
    }
}

impl From<sqlx::Error> for ProgressError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl Commands {
    /// Renews the lease. The answer tells the agent whether the command was cancelled.
    pub async fn progress(
        &self,
        agent: &KnownAgent,
        progress: ReportProgress,
    ) -> Result<ProgressAnswer, ProgressError> {
        if progress.seq < 0 {
            return Err(ProgressError::Invalid);
        }
        if progress.command_id.contains('\0') {
            return Err(ProgressError::NotFound);
        }
        let now = self.core.context.clock.now();
        let mut transaction = self.core.pool.begin().await?;
        let mut stored =
            commands::find_locked_on_channel(&mut transaction, &agent.channel, &progress.command_id)
                .await?
                .ok_or(ProgressError::NotFound)?;
        if stored.command.deployment_hash != progress.deployment_hash {
            return Err(ProgressError::OtherDeployment);
        }
        let entered = match step(stored.command.status, Event::Progress, stored.lease()) {
            Step::Stay => {
                let cancelled = stored.command.status.is_final();
                return Ok(ProgressAnswer { accepted: false, cancelled });
            }
            Step::Enter(state) => Some(state),
            Step::Renew | Step::End(_) => None,
        };
        commands::renew(&mut transaction, stored.command.id, GRACE_SECONDS, now).await?;
        if progress.seq < MAX_LINES {
            let line = line_of(&progress, now);
            let is_new =
                command_progress::insert(&mut transaction, &stored.command.command_id, &line).await?;
            if is_new {
                let hash = &stored.command.deployment_hash;
                let command_id = stored.command.command_id.clone();
                if matches!(stored.command.r#type.kind(), Some(CommandKind::DeployStack)) {
                    let message = format!("{}: {}", line.step, line.message);
                    let told = Told::status(DeploymentStatus::InProgress).because(Some(&message));
                    let progress = CallbackEvent::DeploymentProgress;
                    callbacks::deployment(&mut transaction, hash, progress, told, now).await?;
                }
                let event = Happened::Progress { command_id, line };
                deployment_events::append(&mut transaction, hash, &event, now).await?;
            }
        }
        if entered == Some(State::Executing) {
            stored.command.status = State::Executing;
            tell_pages(&mut transaction, &stored, &self.core.context).await?;
        }
        transaction.commit().await?;
        Ok(ProgressAnswer { accepted: true, cancelled: false })
    }
}

fn line_of(progress: &ReportProgress, now: DateTime<Utc>) -> ProgressLine {
    ProgressLine {
        seq: progress.seq,
        step: reported_text::line(&progress.step, MAX_STEP),
        message: reported_text::line(&progress.message, MAX_MESSAGE),
        // A time a century away does not come from a real clock, and PostgreSQL may be unable to store it.
        at: if (progress.at - now).num_days().abs() < 36_500 { progress.at } else { now },
    }
}
