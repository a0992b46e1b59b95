//! Commands over REST.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::command::{CommandType, Priority, State};

/// A command as existing clients know it, plus how it was delivered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Command {
    pub id: Uuid,
    /// `cmd_` and a UUID.
    pub command_id: String,
    pub deployment_hash: String,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub r#type: CommandType,
    pub status: State,
    pub priority: Priority,
    /// Never null for agents.
    pub parameters: Value,
    pub result: Option<Value>,
    pub error: Option<Value>,
    pub created_by: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub timeout_seconds: Option<i32>,
    pub metadata: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_for: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<DateTime<Utc>>,
    /// How often it was delivered to an agent.
    #[serde(default)]
    pub deliveries: i16,
}

/// `POST /api/v1/commands` and `POST /api/v1/agent/commands/enqueue`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateCommand {
    #[serde(default)]
    pub deployment_hash: String,
    #[serde(default)]
    pub command_type: String,
    /// low, normal, high or critical; any other word means normal.
    #[serde(default)]
    pub priority: Option<String>,
    #[serde(default)]
    pub parameters: Option<Value>,
    /// How long the agent may take to report, in seconds: 1 to 86400, 300 by default.
    #[serde(default)]
    pub timeout_seconds: Option<i32>,
    #[serde(default)]
    pub metadata: Option<Value>,
    /// The earliest time of delivery.
    #[serde(default)]
    pub scheduled_for: Option<DateTime<Utc>>,
}

/// The answer to creating a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedCommand {
    pub command_id: String,
    pub deployment_hash: String,
    pub status: State,
}
