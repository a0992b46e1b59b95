//! Requests and answers of agents. `docs/agents.md` describes them for authors of agents.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// The header that names the agent of a request.
pub const AGENT_ID_HEADER: &str = "x-agent-id";
/// HMAC-SHA256 of the body under the agent's token, in base64.
pub const AGENT_SIGNATURE_HEADER: &str = "x-agent-signature";
/// Seconds since 1970, when the request was signed.
pub const TIMESTAMP_HEADER: &str = "x-timestamp";
/// A UUID; the server rejects a second request with the same one.
pub const REQUEST_ID_HEADER: &str = "x-request-id";

/// `POST /api/v1/agent/register`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegisterAgent {
    /// Required, unless the code is for a host.
    #[serde(default)]
    pub deployment_hash: String,
    /// A code created by the owner, for a host that joins or an agent that lost its token.
    #[serde(default)]
    pub enrolment_code: Option<String>,
    #[serde(default)]
    pub capabilities: Vec<String>,
    #[serde(default)]
    pub system_info: Option<Value>,
    #[serde(default)]
    pub agent_version: Option<String>,
    #[serde(default)]
    pub public_key: Option<String>,
}

/// `{"data": {"item": …}}`: this one answer is not in the envelope, because existing agents read it so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegisterAnswer {
    pub data: RegisterAnswerData,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegisterAnswerData {
    pub item: RegisteredAgent,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegisteredAgent {
    pub agent_id: Uuid,
    /// Shown once: at the first registration, or with a code. Absent if the agent proved that it has the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_token: Option<String>,
    pub dashboard_version: String,
    pub supported_api_versions: Vec<String>,
    /// What to poll: the deployment hash, or `host_<uuid>` for a host.
    pub channel: String,
}

/// `POST /api/v1/agent/commands/report`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportCommand {
    pub command_id: String,
    pub deployment_hash: String,
    /// `success`, `completed`, `failed` or `error`
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command_status: Option<String>,
    pub completed_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors: Option<Vec<Value>>,
}

/// The answer to a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportAnswer {
    pub accepted: bool,
    pub message: String,
}

/// `POST /api/v1/agent/commands/progress`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportProgress {
    pub command_id: String,
    pub deployment_hash: String,
    /// Increases with each message; a repeated one is acknowledged and not stored again.
    pub seq: i32,
    /// A short stable word: `validate`, `plan`, `pull`, `up`, `wait`, `return`, `done`.
    pub step: String,
    /// For people: the last line of output, for example.
    pub message: String,
    pub at: DateTime<Utc>,
}

/// `POST /api/v1/agent/leave`: this host no longer belongs to the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeaveHost {
    /// Also with live deployments: they end as `cancelled`, and what runs goes on running.
    #[serde(default)]
    pub force: bool,
}

/// The answer to progress: an agent that receives `cancelled` stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProgressAnswer {
    pub accepted: bool,
    /// The command was cancelled, or it has ended.
    pub cancelled: bool,
}

/// `POST /api/v1/apps/status`: what third-party agents report after a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AppStatus {
    pub deployment_hash: String,
    pub app_code: String,
    /// running, stopped or error
    pub status: String,
    #[serde(default)]
    pub logs: Vec<String>,
    #[serde(default)]
    pub timestamp: Option<DateTime<Utc>>,
}
