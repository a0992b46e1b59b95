//! The user's own hosts, over REST and server functions.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::deploy::HostResources;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Host {
    pub id: Uuid,
    pub name: String,
    /// The machine on which the server runs.
    pub is_local: bool,
    pub status: AgentStatus,
    pub last_seen_at: Option<DateTime<Utc>>,
    /// Of the agent.
    pub version: Option<String>,
    pub capabilities: Vec<String>,
    /// `docker 28.2.2`; null when no engine answers there.
    pub engine: Option<String>,
    pub resources: Option<HostResources>,
    /// Why it is degraded, in words.
    pub remark: Option<String>,
    /// Live ones.
    pub deployments: i64,
    pub created_at: DateTime<Utc>,
}

/// By the age of the last sign of life, and what was wrong with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum AgentStatus {
    Online,
    /// It is there, and something is not right: its clock, its container engine.
    Degraded,
    #[default]
    Offline,
}

impl AgentStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Degraded => "degraded",
            Self::Offline => "offline",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        [Self::Online, Self::Degraded, Self::Offline].into_iter().find(|status| status.as_str() == word)
    }
}

/// `POST /api/v1/hosts`: a host that will join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddHost {
    pub name: String,
}

/// A short-lived code, for one use; shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Enrolment {
    /// The host or deployment it is for.
    pub host_id: Option<Uuid>,
    pub deployment_hash: Option<String>,
    pub code: String,
    pub expires_at: DateTime<Utc>,
    /// What to paste on the host.
    pub command: String,
}
