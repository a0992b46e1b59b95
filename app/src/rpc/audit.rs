//! The audit log.

use domain::audit::{AuditLine, AuditQuery};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::RpcError;

/// One page of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditPage {
    pub lines: Vec<AuditLine>,
    /// The value of `after` that loads the next page.
    pub next: Option<i64>,
    /// Whether the log covers all users, not only the caller.
    pub is_about_everybody: bool,
    /// Lines older than this are deleted.
    pub days_kept: i64,
}

/// Lists lines, newest first. With `after`, only lines older than that line.
#[server(endpoint = "audit/list", prefix = "/rpc")]
pub async fn list_audit(
    #[server(default)] query: AuditQuery,
    #[server(default)] after: Option<i64>,
) -> Result<AuditPage, RpcError> {
    let caller = super::caller()?;
    let audit = super::services()?.audit();
    let part = stacker::services::AuditPart { limit: None, after };
    let read = audit.list(&caller, &query, part).await?;
    Ok(AuditPage {
        lines: read.lines,
        next: read.next,
        is_about_everybody: audit.is_about_everybody(&caller),
        days_kept: audit.days_kept(),
    })
}
