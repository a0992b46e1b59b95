//! Machines that the install service set up, as the page *Hosts* shows them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{AgentStatus, Host, HostStage};

/// A machine of a live deployment through the install service, on which an agent has registered with the hash of the deployment.
/// It serves this deployment only: nothing else can be deployed to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudMachine {
    pub deployment_hash: String,
    /// The name of the deployed project.
    pub project_name: String,
    /// As the request named it.
    pub provider: String,
    /// What the owner calls the machine.
    pub name: Option<String>,
    /// As the install service has reported it.
    pub srv_ip: Option<String>,
    /// How far its agent has come; `status` counts once it runs.
    pub stage: HostStage,
    pub status: AgentStatus,
    pub last_seen_at: Option<DateTime<Utc>>,
    /// Version of the agent.
    pub version: Option<String>,
    /// Why it is degraded, in words.
    pub remark: Option<String>,
}

/// What the page *Hosts* shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HostLists {
    pub hosts: Vec<Host>,
    /// Only the caller's own.
    pub machines: Vec<CloudMachine>,
}
