//! The audit log. Use cases write its lines in their own transaction; here they are read and, after a time, deleted.
//!
//! - [`entry`]: the start of a line, for use cases
//! - [`export`]: the log as a file
//! - [`refused`]: requests that an authenticated caller was refused

mod entry;
mod export;
mod refused;

use std::sync::Arc;

use domain::{
    access::{Action, Caller, Resource, may},
    api::FieldError,
    audit::{AuditFilter, AuditLine, AuditQuery},
    problem::{Problem, ProblemKind, UseCaseError},
};
use sqlx::PgPool;

pub use export::{AuditExport, ExportFormat};
pub(super) use refused::{RefusedRequests, new_refused_requests};

use crate::{
    db::audit_log::{self, AuditEntry},
    services::core::Core,
};

/// The largest page.
const MAX_PAGE: u32 = 1000;
/// The default page.
const PAGE: u32 = 100;

/// A page of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditPart {
    /// Null for a hundred. Clamped to the allowed range.
    pub limit: Option<u32>,
    /// Older than this line.
    pub after: Option<i64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct AuditLines {
    /// Newest first.
    pub lines: Vec<AuditLine>,
    /// `after` of the next page; null on the last page.
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

/// Whose lines a caller sees.
#[derive(Clone, Debug)]
enum Sees {
    /// What they did, and what was done to their objects.
    Own(String),
    All,
}

#[derive(Clone, Debug)]
pub struct AuditLog {
    core: Arc<Core>,
    /// Refused requests that the log has already.
    refused: RefusedRequests,
}

impl AuditLog {
    pub(super) fn new(core: Arc<Core>) -> Self {
        Self { core, refused: new_refused_requests() }
    }

    /// Administrators see all lines, others what they did and what was done to their objects.
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

    /// Whether [`Self::list`] covers all users for this caller.
    pub fn is_about_everybody(&self, caller: &Caller) -> bool {
        may(caller, Resource::AnyAudit, Action::Read)
    }

    /// Days after which lines are deleted.
    pub fn days_kept(&self) -> i64 {
        self.core.audit_keep.num_days()
    }

    /// Deletes lines older than that.
    pub async fn delete_old(&self) -> anyhow::Result<()> {
        audit_log::delete_before(&self.core.pool, self.core.context.clock.now() - self.core.audit_keep).await
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
        // One extra row shows whether there is more.
        let mut lines =
            audit_log::list(&self.core.pool, whose, filter, part.after, i64::from(limit) + 1).await?;
        let has_more = lines.len() > limit as usize;
        lines.truncate(limit as usize);
        let next = lines.last().map(|line| line.id).filter(|_| has_more);
        Ok(AuditLines { lines, next })
    }
}

/// A line about something that changed nothing else. If it cannot be written, only the server log records that: who
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
