//! A command as the server delivers it.

use domain::command::{CommandKind, CommandType};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The fields are read tolerantly, because the server may be newer or older than the agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivered {
    pub command_id: String,
    #[serde(default)]
    pub deployment_hash: String,
    pub r#type: CommandType,
    #[serde(default)]
    pub parameters: Value,
    #[serde(default)]
    pub timeout_seconds: Option<i32>,
}

impl Delivered {
    /// `None`: a type that this agent does not know.
    pub fn kind(&self) -> Option<CommandKind> {
        self.r#type.kind()
    }

    /// Unknown types count as changing, which is the safe assumption.
    pub fn changes_something(&self) -> bool {
        self.r#type.changes_something()
    }

    pub fn is_repeatable(&self) -> bool {
        self.r#type.is_repeatable()
    }
}
