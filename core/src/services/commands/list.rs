//! Lists commands, and waits for one to change.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{
    access::{Action, Caller, Resource, may},
    api::Command,
    problem::{Problem, UseCaseError},
};
use tokio::time::Instant;

use super::{Commands, create::MAX_HASH};
use crate::db::commands::{self, Filter};

/// The most commands without `since`, as in the legacy API.
const MOST: i64 = 1000;
const MOST_CHANGED: i64 = 500;
const DEFAULT_CHANGED: i64 = 50;
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The most bytes of one answer: parameters and results have up to two megabytes each.
const MOST_BYTES: i64 = 8 * 1024 * 1024;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandFilter {
    /// Only commands that changed after this time. `None`: all commands, at most a thousand.
    pub since: Option<DateTime<Utc>>,
    /// Applies only together with `since`, as existing clients expect.
    pub limit: Option<i64>,
    /// [`CommandList::next`] of the previous part.
    pub after: Option<String>,
    /// How long to wait for a change if there is none yet. Applies only together with `since`.
    pub wait: Duration,
}

/// A part of the commands of a deployment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CommandList {
    pub items: Vec<Command>,
    /// The `command_id` of the last command, if more commands follow.
    pub next: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum ListError {
    #[error("your role does not allow reading commands")]
    Forbidden,
    #[error("command or deployment not found")]
    NotFound,
    #[error("the commands could not be read")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for ListError {
    fn problem(&self) -> Problem {
        match self {
            Self::Forbidden => Problem::forbidden(),
            Self::NotFound => Problem::not_found().missing("command"),
            Self::Internal(_) => Problem::internal(),
        }
    }
}

impl Commands {
    /// Lists commands, newest first.
    pub async fn list(
        &self,
        caller: &Caller,
        deployment_hash: &str,
        filter: CommandFilter,
    ) -> Result<CommandList, ListError> {
        check(caller, deployment_hash)?;
        let limit = match filter.since {
            Some(_) => filter.limit.unwrap_or(DEFAULT_CHANGED).clamp(1, MOST_CHANGED),
            None => MOST,
        };
        let end = Instant::now() + filter.wait.min(LONGEST_WAIT);
        // Subscribed before reading, so that no change is missed.
        let mut news = self.core.hub.deployment_events(deployment_hash);
        loop {
            let stored =
                Filter { since: filter.since, after: filter.after.as_deref(), limit, bytes: MOST_BYTES };
            let list = commands::list(&self.core.pool, &caller.user_id, deployment_hash, stored)
                .await?
                .ok_or(ListError::NotFound)?;
            let next = list.commands.last().filter(|_| list.more).map(|last| last.command_id.clone());
            let list = CommandList { items: list.commands, next };
            if !list.items.is_empty() || filter.since.is_none() {
                return Ok(list);
            }
            tokio::select! {
                () = news.changed() => {}
                () = tokio::time::sleep_until(end) => return Ok(list),
                () = self.core.hub.stopping().cancelled() => return Ok(list),
            }
        }
    }

    /// `command`: the `cmd_…` id, or the id of the row.
    pub async fn get(
        &self,
        caller: &Caller,
        deployment_hash: &str,
        command: &str,
    ) -> Result<Command, ListError> {
        check(caller, deployment_hash)?;
        commands::find(&self.core.pool, &caller.user_id, deployment_hash, command)
            .await?
            .ok_or(ListError::NotFound)
    }
}

fn check(caller: &Caller, deployment_hash: &str) -> Result<(), ListError> {
    if !may(caller, Resource::Deployment, Action::Read) {
        return Err(ListError::Forbidden);
    }
    if deployment_hash.len() > MAX_HASH {
        return Err(ListError::NotFound);
    }
    Ok(())
}
