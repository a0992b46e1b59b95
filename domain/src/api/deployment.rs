//! Deployments over REST and server functions.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{AgentStatus, FieldError, Host};
use crate::{
    access::ProjectRole,
    command::CommandType,
    deploy::{DeploymentStatus, Drift, Plan, ServiceState},
};

/// An entry of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeploymentSummary {
    pub id: i32,
    pub deployment_hash: String,
    pub project_id: i32,
    pub project_name: String,
    /// `own`, or a cloud.
    pub provider: String,
    /// The compose project name on the host.
    pub stack: String,
    pub host: Option<HostName>,
    pub status: DeploymentStatus,
    pub agent_status: AgentStatus,
    pub last_seen_at: Option<DateTime<Utc>>,
    /// The revision that runs.
    pub running_revision: Option<i32>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The caller's role in its project.
    pub role: ProjectRole,
    /// What the install service does, if the deployment goes through it.
    #[serde(default)]
    pub install: Option<InstallState>,
}

/// How far the install service is with a deployment to a cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InstallState {
    /// The stored credentials that were used, while they exist.
    pub cloud_name: Option<String>,
    /// Percent.
    pub progress: Option<u8>,
    /// What the install service reported last, or why nothing was sent to it.
    pub message: Option<String>,
    /// Since when the deployment has waited for the message broker; null when it does not.
    pub waiting_since: Option<DateTime<Utc>>,
    /// The address of the machine, once it is known.
    pub srv_ip: Option<String>,
    pub ssh_port: Option<i32>,
}

/// What a status token shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeploymentProgress {
    pub deployment_hash: String,
    pub status: DeploymentStatus,
    /// Percent, if the install service reported it.
    pub progress: Option<u8>,
    pub message: Option<String>,
    /// The address of the machine, once it is known.
    pub srv_ip: Option<String>,
    pub updated_at: DateTime<Utc>,
}

/// A token with which a page of another origin follows one deployment.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatusToken {
    /// Shown once. For `?token=`, or as `Authorization: Bearer`.
    pub token: String,
    pub expires_at: DateTime<Utc>,
    /// The only path that accepts it.
    pub path: String,
}

impl std::fmt::Debug for StatusToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("StatusToken").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HostName {
    pub id: Uuid,
    pub name: String,
}

/// One deployment, with everything a page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeploymentDetail {
    #[serde(flatten)]
    pub summary: DeploymentSummary,
    pub agent: Option<Host>,
    pub services: Vec<ObservedService>,
    pub drift: Vec<Drift>,
    /// Newest first.
    pub revisions: Vec<RevisionSummary>,
    /// The running command.
    pub running_command: Option<RunningCommand>,
    /// What the install service reported last, oldest first.
    #[serde(default)]
    pub install_lines: Vec<InstallLine>,
    /// Id of the newest event, to continue after with `Last-Event-ID`.
    pub last_event_id: i64,
}

/// One report of the install service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InstallLine {
    /// Percent.
    pub progress: Option<u8>,
    pub message: String,
}

/// How many reports of the install service are shown.
pub const MAX_INSTALL_LINES: usize = 20;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObservedService {
    #[serde(flatten)]
    pub state: ServiceState,
    /// When the agent reported it.
    pub observed_at: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunningCommand {
    pub command_id: String,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub r#type: CommandType,
    pub started_at: DateTime<Utc>,
    /// In order.
    pub progress: Vec<ProgressLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProgressLine {
    pub seq: i32,
    pub step: String,
    pub message: String,
    pub at: DateTime<Utc>,
}

/// One deployed or attempted version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevisionSummary {
    /// From 1.
    pub number: i32,
    pub outcome: RevisionOutcome,
    /// What happened, as text.
    pub message: Option<String>,
    pub created_by: String,
    pub created_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    /// The earlier revision that it repeats, if any.
    pub returns_to: Option<i32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Revision {
    #[serde(flatten)]
    pub summary: RevisionSummary,
    /// The compose file, byte for byte.
    pub compose: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RevisionOutcome {
    /// Planned; nothing was changed.
    Planned,
    /// The agent has received it, or will.
    InProgress,
    Deployed,
    /// Did not become healthy; the last good revision is running again.
    Returned,
    Failed,
    Refused,
    Cancelled,
}

impl RevisionOutcome {
    pub const ALL: [Self; 7] = [
        Self::Planned,
        Self::InProgress,
        Self::Deployed,
        Self::Returned,
        Self::Failed,
        Self::Refused,
        Self::Cancelled,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::InProgress => "in-progress",
            Self::Deployed => "deployed",
            Self::Returned => "returned",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }
}

/// `POST /api/v1/deployments/{deployment_hash}/plan`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanRequest {
    /// An earlier revision to go back to. Without it: the project as it is now.
    #[serde(default)]
    pub revision: Option<i32>,
}

/// A plan, or that the agent still works on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanAnswer {
    /// The planned revision, for `apply`.
    pub revision: i32,
    /// The command that requests it, for clients that want to wait longer.
    pub command_id: String,
    /// Null while the agent works on it or is not connected.
    pub plan: Option<Plan>,
    pub plan_hash: Option<String>,
    /// Why there is no plan and will be none.
    pub problem: Option<String>,
}

/// `POST /api/v1/deployments/{deployment_hash}/apply`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApplyRequest {
    /// The revision of the plan.
    pub revision: i32,
    /// The plan that was agreed to. Without it, the agent carries out the plan that is current then.
    #[serde(default)]
    pub plan_hash: Option<String>,
    /// Services to recreate even if their definition is the same.
    #[serde(default)]
    pub recreate: Vec<String>,
}

/// The answer of requests that start something on a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StartedCommand {
    pub deployment_hash: String,
    pub command_id: String,
    pub revision: Option<i32>,
}

/// `DELETE /api/v1/deployments/{deployment_hash}`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RemoveDeployment {
    /// Named volumes to delete too; all others stay on the host.
    #[serde(default)]
    pub volumes: Vec<String>,
}

/// `meta` of the answer to deploying a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeployMeta {
    pub deployment_id: i32,
    pub deployment_hash: String,
    /// The command for the host, if one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command_id: Option<String>,
    /// What may go wrong, such as an image that could not be found; `field` is a place in the compose file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<FieldError>,
}

/// The commands of an agent, `GET …/capabilities`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Capabilities {
    pub deployment_hash: String,
    pub agent_id: Option<Uuid>,
    pub status: AgentStatus,
    pub last_heartbeat: Option<DateTime<Utc>>,
    pub version: Option<String>,
    pub system_info: Option<Value>,
    pub capabilities: Vec<String>,
    pub commands: Vec<OfferedCommand>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferedCommand {
    pub command_type: String,
    pub label: String,
    pub icon: String,
    pub scope: String,
    pub requires: String,
}
