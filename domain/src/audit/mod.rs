//! The audit log: its lines, its queries, and its export as a file.
//!
//! To add an action, call `Context::audited` where it happens and name it in [`actions`]. Details never contain
//! secrets.

mod actions;
mod csv;
mod query;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub use actions::{ACTIONS, AREAS, words_of};
pub use csv::{CSV_HEAD, csv_line};
pub use query::{AuditFilter, AuditQuery};

/// One thing that somebody did, or tried to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditLine {
    /// Later lines have higher ones. What `after` takes.
    pub id: i64,
    pub at: DateTime<Utc>,
    /// Null for agents, for the server itself and for nobody known.
    pub user_id: Option<String>,
    /// The API client that asked for the user.
    pub client_id: Option<i32>,
    /// The agent that did it, or that it was done to.
    pub agent_id: Option<Uuid>,
    /// Where the request came from; null for what no request asked for, such as the console.
    pub address: Option<String>,
    /// `client.deleted`, `host.revoked`, …
    pub action: String,
    pub outcome: AuditOutcome,
    /// Whose thing it was done to, where that is known.
    pub owner_id: Option<String>,
    pub deployment_hash: Option<String>,
    /// What else is known of it; an object. Holds no secrets.
    pub details: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum AuditOutcome {
    Success,
    /// It was allowed, and went wrong.
    Failed,
    /// It was not allowed.
    Refused,
}

impl AuditOutcome {
    pub const ALL: [Self; 3] = [Self::Success, Self::Failed, Self::Refused];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }
}
