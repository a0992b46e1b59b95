//! The audit log. Use cases write its lines in their own transactions; this module reads the lines and deletes old ones.
//!
//! - [`entry`]: the start of a line, for use cases
//! - [`export`]: the log as a file
//! - [`refused`]: refused requests of authenticated callers

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

pub use export::{AuditExport, ExportFormat};
pub(super) use refused::{RefusedRequests, new_refused_requests};

use crate::{
    db::{
        Pool,
        audit_log::{self, AuditEntry},
    },
    services::core::Core,
};

/// The most lines of one page.
const MAX_PAGE: u32 = 1000;
/// The lines of one page, if the client names no limit.
const PAGE: u32 = 100;

/// A page of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditPart {
    /// `None` means 100 lines. Clamped to the allowed range.
    pub limit: Option<u32>,
    /// Only lines older than this one.
    pub after: Option<i64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct AuditLines {
    /// Newest first.
    pub lines: Vec<AuditLine>,
    /// `after` of the next page; `None` on the last page.
    pub next: Option<i64>,
}

#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error("your role does not allow this")]
    Forbidden,
    #[error("the query is invalid")]
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
    /// What the user did, and what was done to their objects.
    Own(String),
    All,
}

#[derive(Clone, Debug)]
pub struct AuditLog {
    core: Arc<Core>,
    /// Refused requests that are already in the log.
    refused: RefusedRequests,
}

impl AuditLog {
    pub(super) fn new(core: Arc<Core>) -> Self {
        Self { core, refused: new_refused_requests() }
    }

    /// Administrators see all lines; other callers see what they did and what was done to their objects.
    pub async fn list(
        &self,
        caller: &Caller,
        query: &AuditQuery,
        part: AuditPart,
    ) -> Result<AuditLines, AuditError> {
        self.part_of(&seen_by(caller)?, &understood(query)?, part).await
    }

    /// Lists the lines of all users, for operators on the console, who need no role.
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

    /// Deletes lines that are older than [`Self::days_kept`] days.
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

/// Writes a line about an event that changed nothing else. If the line cannot be written, only the server log records that, and a
/// refusal still stands.
pub(super) async fn note(pool: &Pool, entry: AuditEntry<'_>) {
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
