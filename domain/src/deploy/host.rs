//! What Stacker's agent reports about its host whenever something changes there.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ComposeMissing, EngineMissing, StackName};

/// Body of `POST /api/v1/agent/state`: always the complete state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostState {
    pub at: DateTime<Utc>,
    /// `docker 28.2.2`, `podman 4.3.1`; null when no engine answers.
    #[serde(default)]
    pub engine: Option<String>,
    /// Why no engine answers, and how the host starts programs. Null when one answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_missing: Option<EngineMissing>,
    /// Said when an engine answers and compose, which starts the stacks, is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compose_missing: Option<ComposeMissing>,
    #[serde(default)]
    pub resources: Option<HostResources>,
    pub stacks: Vec<StackState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_version: Option<String>,
    /// The command types that it runs under the current policy of the host.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HostResources {
    pub cpus: u32,
    /// Of all cores, 0 to 100.
    pub cpu_usage_pct: f32,
    pub memory_total_bytes: u64,
    pub memory_used_bytes: u64,
    pub disk_total_bytes: u64,
    pub disk_used_bytes: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackState {
    pub deployment_hash: String,
    pub stack: StackName,
    /// The revision that runs; null when none was brought up to the end.
    #[serde(default)]
    pub revision: Option<i32>,
    pub services: Vec<ServiceState>,
    /// What differs from that revision. Empty while a command is at work on the stack.
    #[serde(default)]
    pub drift: Vec<Drift>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceState {
    pub service: String,
    pub state: ContainerState,
    pub health: Health,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// As published: `127.0.0.1:8080:80/tcp`.
    #[serde(default)]
    pub ports: Vec<String>,
    /// The exit code of its last run, if it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i64>,
    /// When it entered this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
}

/// As the engine reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ContainerState {
    Created,
    Running,
    Restarting,
    Paused,
    Exited,
    Dead,
    /// There is no container.
    Missing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Health {
    Healthy,
    Unhealthy,
    Starting,
    /// The service has no health check.
    None,
}

/// A difference between the host and the running revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Drift {
    pub service: String,
    pub kind: DriftKind,
    /// In words.
    pub message: String,
    /// What runs instead, if that is the difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum DriftKind {
    /// Removed by hand.
    Missing,
    /// Stopped by hand.
    Stopped,
    /// Recreated from another image or definition.
    Changed,
    /// Not in the file.
    Extra,
}
