//! Cancels a command. If it was not delivered yet, no agent fetches it. If it was delivered, the agent is informed, and the
//! agent's report changes nothing.

use domain::{
    access::{Action, Caller, LacksRole, ProjectRole, Resource, may},
    api::Command,
    command::{CancelCommand, CommandKind, CommandType, Event, Priority, State, Step, step},
    problem::{Extra, Problem, ProblemKind, UseCaseError},
};
use serde_json::json;
use sqlx::PgConnection;

use super::{By, Commands, audit, create::MAX_HASH, tell_pages};
use crate::{
    db::{
        agents,
        commands::{self, Ended, NewCommand, Stored},
        deployments,
    },
    services::deployments::outcome,
};

/// The capability of agents that can be informed of a cancellation while they work.
const CAPABILITY: &str = "cancel";
/// Time limit of the command that informs the agent. An agent that does not fetch it in this time has other problems.
const TOLD_WITHIN_SECONDS: i32 = 60;

#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    #[error("your role does not allow cancelling commands")]
    Forbidden,
    #[error(transparent)]
    LacksRole(#[from] LacksRole),
    #[error("command or deployment not found")]
    NotFound,
    #[error("Cannot cancel command with status '{}'", .0.as_str())]
    Ended(State),
    #[error("the command could not be cancelled")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for CancelError {
    fn problem(&self) -> Problem {
        match self {
            Self::Forbidden => Problem::forbidden(),
            Self::LacksRole(lacks) => lacks.problem(),
            Self::NotFound => Problem::not_found().missing("command"),
            Self::Ended(_) => Problem::new(ProblemKind::Declined, "command-ended", self)
                .with(Extra::PageMessage("it has already ended".to_owned())),
            Self::Internal(_) => Problem::internal(),
        }
    }
}

impl From<sqlx::Error> for CancelError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl Commands {
    /// `command`: the `cmd_…` id, or the id of the row.
    pub async fn cancel(
        &self,
        caller: &Caller,
        deployment_hash: &str,
        command: &str,
    ) -> Result<Command, CancelError> {
        if !may(caller, Resource::Deployment, Action::Update) {
            return Err(CancelError::Forbidden);
        }
        if deployment_hash.len() > MAX_HASH {
            return Err(CancelError::NotFound);
        }
        let mut transaction = self.core.pool.begin().await?;
        let role = deployments::role_of(&mut transaction, deployment_hash, &caller.user_id).await?;
        role.ok_or(CancelError::NotFound)?.require(ProjectRole::Operator)?;
        let stored = commands::find_locked_of(&mut transaction, &caller.user_id, deployment_hash, command)
            .await?
            .ok_or(CancelError::NotFound)?;
        let was = stored.command.status;
        if step(was, Event::Cancelled, stored.lease()) != Step::Enter(State::Cancelled) {
            return Err(CancelError::Ended(was));
        }
        let cancelled = self.cancel_locked(&mut transaction, stored, caller).await?;
        transaction.commit().await?;
        Ok(cancelled.command)
    }

    /// The row must be locked, and the command must not have ended.
    async fn cancel_locked(
        &self,
        connection: &mut PgConnection,
        stored: Stored,
        caller: &Caller,
    ) -> anyhow::Result<Stored> {
        let now = self.core.context.clock.now();
        let was = stored.command.status;
        let ended = Ended { id: stored.command.id, status: State::Cancelled, result: None, error: None, now };
        let cancelled = commands::end(connection, ended).await?;
        let details = json!({"was": was});
        audit(
            connection,
            &self.core.context,
            By::Caller(caller),
            "command.cancelled",
            &cancelled.command,
            details,
        )
        .await?;
        if was.is_leased() && agents::has_capability(connection, &cancelled.channel, CAPABILITY).await? {
            self.tell_agent(connection, &cancelled, &caller.user_id).await?;
        }
        outcome::command_ended(connection, &cancelled.command, cancelled.revision, &self.core.context)
            .await?;
        tell_pages(connection, &cancelled, &self.core.context).await?;
        Ok(cancelled)
    }

    /// Queues a `cancel` command. Our agent polls while it works, and this command precedes all others in its queue.
    async fn tell_agent(
        &self,
        connection: &mut PgConnection,
        cancelled: &Stored,
        created_by: &str,
    ) -> anyhow::Result<()> {
        let parameters =
            serde_json::to_value(CancelCommand { command_id: cancelled.command.command_id.clone() })?;
        let new = NewCommand {
            id: self.core.context.random.uuid_v4(),
            channel: &cancelled.channel,
            deployment_hash: &cancelled.command.deployment_hash,
            command_type: &CommandType::from(CommandKind::Cancel),
            priority: Priority::Critical,
            parameters: &parameters,
            metadata: None,
            timeout_seconds: TOLD_WITHIN_SECONDS,
            scheduled_for: None,
            created_by,
            revision: None,
            now: self.core.context.clock.now(),
        };
        commands::insert(connection, new).await?;
        Ok(())
    }
}
