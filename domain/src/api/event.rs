//! Events of a deployment for pages. Server-sent events are numbered, so that a page that reconnects continues
//! where it was (`Last-Event-ID`).

use serde::{Deserialize, Serialize};

use super::{AgentStatus, InstallState, ObservedService, ProgressLine, RevisionOutcome};
use crate::{
    command::{CommandType, State},
    deploy::{DeploymentStatus, Drift},
};

/// One event. The number goes into the `id:` of the stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeploymentEvent {
    pub id: i64,
    #[serde(flatten)]
    pub what: Happened,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Happened {
    /// A command was created, delivered or cancelled, or it ended.
    Command {
        command_id: String,
        command_type: CommandType,
        status: State,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        revision: Option<i32>,
        /// Why it failed, as text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    Progress {
        command_id: String,
        line: ProgressLine,
    },
    Deployment {
        status: DeploymentStatus,
        running_revision: Option<i32>,
    },
    Revision {
        number: i32,
        outcome: RevisionOutcome,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// The install service has reported something, or a message to it waits.
    Install {
        state: InstallState,
    },
    /// All services of the stack, as the agent saw them.
    Services {
        services: Vec<ObservedService>,
        drift: Vec<Drift>,
    },
    Agent {
        status: AgentStatus,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remark: Option<String>,
    },
}
