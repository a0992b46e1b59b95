//! The state of a deployment.
//!
//! On the user's own hosts: `pending` → `in_progress` → `completed` or `failed`, repeated with each revision, and
//! `removed` at the end. The other states are those of the install service.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeploymentStatus {
    /// Nothing was done yet.
    Pending,
    InProgress,
    /// What was asked for last runs.
    Completed,
    /// What was asked for last does not run; an earlier revision may.
    Failed,
    Error,
    Paused,
    WaitResume,
    WaitStart,
    Confirmed,
    Cancelled,
    /// Taken down; only its history is left.
    Removed,
}

impl DeploymentStatus {
    pub const ALL: [Self; 11] = [
        Self::Pending,
        Self::InProgress,
        Self::Completed,
        Self::Failed,
        Self::Error,
        Self::Paused,
        Self::WaitResume,
        Self::WaitStart,
        Self::Confirmed,
        Self::Cancelled,
        Self::Removed,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Error => "error",
            Self::Paused => "paused",
            Self::WaitResume => "wait_resume",
            Self::WaitStart => "wait_start",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
            Self::Removed => "removed",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}
