//! A command as the server delivers it.

use domain::command::{CommandType, Kind};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Read tolerantly: the server may be newer or older than the agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivered {
    pub command_id: String,
    #[serde(default)]
    pub deployment_hash: String,
    pub r#type: String,
    #[serde(default)]
    pub parameters: Value,
    #[serde(default)]
    pub timeout_seconds: Option<i32>,
}

impl Delivered {
    fn parsed_type(&self) -> Option<CommandType> {
        CommandType::parse(&self.r#type).ok()
    }

    /// `None`: a type that this agent does not know.
    pub fn kind(&self) -> Option<Kind> {
        self.parsed_type().and_then(|name| name.kind())
    }

    /// Unknown types count as changing: the safe assumption.
    pub fn changes_something(&self) -> bool {
        self.kind().is_none_or(Kind::changes_something)
    }

    pub fn is_repeatable(&self) -> bool {
        self.parsed_type().is_some_and(|name| name.is_repeatable())
    }
}
