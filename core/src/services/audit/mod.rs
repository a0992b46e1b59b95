//! The log of who did what. Lines are written where things happen, in the same transaction; here they are read and, when they
//! are old, deleted.
//!
//! - [`export`]: many of them, as a file
//! - [`refused`]: requests that somebody known was refused

mod export;
mod refused;

use chrono::TimeDelta;
use domain::{
    access::{Action, Caller, Resource, may},
    api::FieldError,
    audit::{AuditFilter, AuditLine, AuditQuery},
    problem::{Problem, ProblemKind, UseCaseError},
};
use sqlx::PgPool;

pub use export::{AuditExport, ExportFormat};
pub(super) use refused::{RefusedRequests, new_refused_requests};

use super::Context;
use crate::db::audit_log::{self, AuditEntry};

/// What one answer lists at most.
const MAX_PAGE: u32 = 1000;
/// And when the client does not say.
const PAGE: u32 = 100;

/// Which part of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditPart {
    /// Null for a hundred; what is out of range is brought into it.
    pub limit: Option<u32>,
    /// Older than this line.
    pub after: Option<i64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct AuditLines {
    /// Newest first.
    pub lines: Vec<AuditLine>,
    /// `after` of the next part; null when this was the last.
    pub next: Option<i64>,
}

#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error("your role does not allow this")]
    Forbidden,
    #[error("the query is not right")]
    Invalid { errors: Vec<FieldError> },
    #[error("the audit log could not be read")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for AuditError {
    fn problem(&self) -> Problem {
        match self {
            Self::Forbidden => Problem::forbidden(),
            Self::Invalid { errors } => {
                Problem::new(ProblemKind::Invalid, "invalid-query", self).with_fields(errors.clone())
            }
            Self::Internal(_) => Problem::internal(),
        }
    }
}

/// Whose lines somebody is shown.
#[derive(Clone, Debug)]
enum Sees {
    /// What they did, and what was done to what is theirs.
    Own(String),
    All,
}

#[derive(Clone, Debug)]
pub struct AuditLog {
    pool: PgPool,
    context: Context,
    keep: TimeDelta,
    refused: RefusedRequests,
}

impl AuditLog {
    pub(super) fn new(pool: PgPool, context: Context, keep: TimeDelta, refused: RefusedRequests) -> Self {
        Self { pool, context, keep, refused }
    }

    /// Administrators see all of it, others what they did and what was done to what is theirs.
    pub async fn list(
        &self,
        caller: &Caller,
        query: &AuditQuery,
        part: AuditPart,
    ) -> Result<AuditLines, AuditError> {
        self.part_of(&seen_by(caller)?, &understood(query)?, part).await
    }

    /// For operators on the console, who need no role.
    pub async fn list_all(&self, query: &AuditQuery, part: AuditPart) -> Result<AuditLines, AuditError> {
        self.part_of(&Sees::All, &understood(query)?, part).await
    }

    /// Whether [`Self::list`] is about everybody for this caller.
    pub fn is_about_everybody(&self, caller: &Caller) -> bool {
        may(caller, Resource::AnyAudit, Action::Read)
    }

    /// Older lines are deleted.
    pub fn days_kept(&self) -> i64 {
        self.keep.num_days()
    }

    /// What is older than it is kept.
    pub async fn delete_old(&self) -> anyhow::Result<()> {
        audit_log::delete_before(&self.pool, self.context.clock.now() - self.keep).await
    }

    async fn part_of(
        &self,
        sees: &Sees,
        filter: &AuditFilter,
        part: AuditPart,
    ) -> Result<AuditLines, AuditError> {
        let limit = part.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE);
        let whose = match sees {
            Sees::Own(user_id) => Some(user_id.as_str()),
            Sees::All => None,
        };
        // One more than asked for tells whether there is more.
        let mut lines = audit_log::list(&self.pool, whose, filter, part.after, i64::from(limit) + 1).await?;
        let has_more = lines.len() > limit as usize;
        lines.truncate(limit as usize);
        let next = lines.last().map(|line| line.id).filter(|_| has_more);
        Ok(AuditLines { lines, next })
    }
}

/// A line about something that changed nothing else. That it cannot be written is told to the log of the server alone: who
/// was refused is refused.
pub(super) async fn note(pool: &PgPool, entry: AuditEntry<'_>) {
    let recorded = match pool.acquire().await {
        Ok(mut connection) => audit_log::record(&mut connection, entry).await,
        Err(error) => Err(error.into()),
    };
    if let Err(error) = recorded {
        tracing::warn!(error = format!("{error:#}"), "a refusal is not in the audit log");
    }
}

fn seen_by(caller: &Caller) -> Result<Sees, AuditError> {
    if may(caller, Resource::AnyAudit, Action::Read) {
        Ok(Sees::All)
    } else if may(caller, Resource::Audit, Action::Read) {
        Ok(Sees::Own(caller.user_id.clone()))
    } else {
        Err(AuditError::Forbidden)
    }
}

fn understood(query: &AuditQuery) -> Result<AuditFilter, AuditError> {
    query.understood().map_err(|errors| AuditError::Invalid { errors })
}
