//! How much an account stores, and how much it is allowed to store (`limits` in the configuration).

use std::sync::Arc;

use domain::{
    access::{Action, Caller, Resource, may},
    api::{AccountUsage, Used},
    problem::{Problem, ProblemKind, UseCaseError},
};
use sqlx::PgConnection;

use crate::{
    config::LimitSettings,
    db::{agents::hosts, deployments, projects},
    services::core::Core,
};

/// A limit that the account has reached. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountLimit {
    #[error(
        "you have {used} of {limit} projects: delete one you no longer need, or ask the operator of this server for more"
    )]
    Projects { used: i64, limit: u32 },
    #[error(
        "you have {used} of {limit} hosts: revoke one you no longer need, or ask the operator of this server for more"
    )]
    Hosts { used: i64, limit: u32 },
    #[error(
        "you have {used} of {limit} live deployments: remove one you no longer need, or ask the operator of this server for more"
    )]
    Deployments { used: i64, limit: u32 },
    #[error(
        "your projects use {used} of {limit} bytes, and this would add {more}: make a compose file smaller, delete a project you no longer need, or ask the operator of this server for more"
    )]
    StoredBytes { used: i64, more: i64, limit: u64 },
}

impl AccountLimit {
    /// The configuration key of the limit.
    pub fn key(self) -> &'static str {
        match self {
            Self::Projects { .. } => "limits.max_projects",
            Self::Hosts { .. } => "limits.max_hosts",
            Self::Deployments { .. } => "limits.max_deployments",
            Self::StoredBytes { .. } => "limits.max_stored_bytes",
        }
    }
}

impl UseCaseError for AccountLimit {
    fn problem(&self) -> Problem {
        Problem::new(ProblemKind::LimitReached, "limit-reached", self).about_field(self.key())
    }
}

/// Fails when `used` leaves no room for one more.
pub(super) fn room_for_one(
    used: i64,
    limit: Option<u32>,
    reached: fn(i64, u32) -> AccountLimit,
) -> Result<(), AccountLimit> {
    match limit {
        Some(limit) if used >= i64::from(limit) => Err(reached(used, limit)),
        _ => Ok(()),
    }
}

/// The bytes that the projects of an owner took before a write, if they are limited. The owner is then locked until the
/// transaction ends.
pub(super) struct StoredBefore(Option<(u64, i64)>);

impl StoredBefore {
    pub async fn of(
        connection: &mut PgConnection,
        limits: &LimitSettings,
        owner: &str,
    ) -> anyhow::Result<Self> {
        let Some(limit) = limits.max_stored_bytes else { return Ok(Self(None)) };
        projects::lock_owner(connection, owner).await?;
        Ok(Self(Some((limit, projects::stored_bytes_of_owner(connection, owner).await?))))
    }

    /// Checks the limit after the write. A write that stores no more than before is allowed even above the limit.
    pub async fn is_kept<E>(&self, connection: &mut PgConnection, owner: &str) -> Result<(), E>
    where
        E: From<AccountLimit> + From<anyhow::Error>,
    {
        let Some((limit, used)) = self.0 else { return Ok(()) };
        let after = projects::stored_bytes_of_owner(connection, owner).await?;
        let fits = u64::try_from(after).is_ok_and(|after| after <= limit);
        if after <= used || fits {
            return Ok(());
        }
        Err(AccountLimit::StoredBytes { used, more: after - used, limit }.into())
    }
}

#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("your role does not allow this")]
    Forbidden,
    #[error("something failed on the server")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for AccountError {
    fn problem(&self) -> Problem {
        match self {
            Self::Forbidden => Problem::forbidden(),
            Self::Internal(_) => Problem::internal(),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Account {
    core: Arc<Core>,
}

impl Account {
    pub(super) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// What the caller stores, for each resource that has a limit. Runs no query if nothing is limited.
    pub async fn usage(&self, caller: &Caller) -> Result<AccountUsage, AccountError> {
        for resource in [Resource::Project, Resource::Host] {
            if !may(caller, resource, Action::Read) {
                return Err(AccountError::Forbidden);
            }
        }
        let LimitSettings { max_projects, max_hosts, max_deployments, max_stored_bytes, .. } =
            self.core.limits;
        let mut usage = AccountUsage::default();
        if max_projects.is_some() || max_stored_bytes.is_some() {
            let kept = projects::usage(&self.core.pool, &caller.user_id).await?;
            usage.projects = max_projects.map(|limit| Used::of(kept.projects, u64::from(limit)));
            usage.stored_bytes = max_stored_bytes.map(|limit| Used::of(kept.stored_bytes, limit));
        }
        if let Some(limit) = max_hosts {
            let mut connection = self.core.pool.acquire().await.map_err(anyhow::Error::from)?;
            let kept = hosts::count(&mut connection, &caller.user_id).await?;
            usage.hosts = Some(Used::of(kept, u64::from(limit)));
        }
        if let Some(limit) = max_deployments {
            let mut connection = self.core.pool.acquire().await.map_err(anyhow::Error::from)?;
            let live = deployments::count_live(&mut connection, &caller.user_id).await?;
            usage.deployments = Some(Used::of(live, u64::from(limit)));
        }
        Ok(usage)
    }
}
