//! The user's own hosts, over REST and server functions.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{AgentPlace, HostSetup};
use crate::deploy::{ComposeMissing, EngineMissing, HostResources};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Host {
    pub id: Uuid,
    pub name: String,
    /// The machine on which the server runs.
    pub is_local: bool,
    /// How far it has come; `status` counts once it runs.
    pub stage: HostStage,
    /// Added on a page that still waits for its agent; lists leave it out.
    #[serde(default)]
    pub is_provisional: bool,
    /// When the command of the page fetched the program for it.
    pub program_fetched_at: Option<DateTime<Utc>>,
    /// When its agent registered, the last time.
    pub joined_at: Option<DateTime<Utc>>,
    /// Where its agent is on the host, as it said when it joined.
    #[serde(default)]
    pub agent_place: Option<AgentPlace>,
    pub status: AgentStatus,
    pub last_seen_at: Option<DateTime<Utc>>,
    /// Version of the agent.
    pub version: Option<String>,
    pub capabilities: Vec<String>,
    /// `docker 28.2.2`; null if no engine answers there.
    pub engine: Option<String>,
    /// Why no engine answers, as far as its agent knows.
    pub engine_missing: Option<EngineMissing>,
    /// Null unless an engine answers there and Docker Compose is missing: nothing can be deployed then.
    #[serde(default)]
    pub compose_missing: Option<ComposeMissing>,
    pub resources: Option<HostResources>,
    /// Why it is degraded, in words.
    pub remark: Option<String>,
    /// Number of live deployments.
    pub deployments: i64,
    pub created_at: DateTime<Utc>,
}

/// How far a host has come on its way to its first stack.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum HostStage {
    /// No agent has used its code.
    #[default]
    Waiting,
    /// An agent has joined and has not been seen since: it was not started yet.
    Joined,
    /// The agent was seen after it joined. Its status tells whether it is connected now.
    Running,
}

impl HostStage {
    pub fn of(joined_at: Option<DateTime<Utc>>, last_seen_at: Option<DateTime<Utc>>) -> Self {
        match (joined_at, last_seen_at) {
            (None, None) => Self::Waiting,
            (Some(joined), Some(seen)) if seen >= joined => Self::Running,
            (None, Some(_)) => Self::Running,
            (Some(_), _) => Self::Joined,
        }
    }
}

/// By the age of the last message and the problems it reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum AgentStatus {
    Online,
    /// Online with a problem: its clock, its container engine.
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
    /// The host or deployment that it is for.
    pub host_id: Option<Uuid>,
    pub deployment_hash: Option<String>,
    pub code: String,
    pub expires_at: DateTime<Utc>,
    /// The command to run on the host, once it has the program.
    pub command: String,
    /// The way there step by step. Null for the agent of a single deployment, which is a program of others.
    #[serde(default)]
    pub setup: Option<HostSetup>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_that_joined_runs_once_it_was_seen_after_that() {
        let at = |second: i64| DateTime::from_timestamp(second, 0);
        assert_eq!(HostStage::of(None, None), HostStage::Waiting);
        assert_eq!(HostStage::of(at(5), None), HostStage::Joined);
        assert_eq!(HostStage::of(at(5), at(5)), HostStage::Running);
        assert_eq!(HostStage::of(at(9), at(5)), HostStage::Joined, "it joined again");
    }
}
