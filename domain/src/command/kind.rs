//! The type of a command. [`CommandType`] is its text on the wire, [`CommandKind`] is a type that Stacker knows.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::foreign::{FOREIGN, Foreign, foreign};

/// The maximum length. Longer names do not fit into the column of legacy databases.
const MAX_CHARACTERS: usize = 100;
/// The prefix of long names: `stacker.restart` means `restart`.
const LONG: &str = "stacker.";

/// The types that have a meaning for Stacker or its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommandKind {
    Health,
    Logs,
    Restart,
    Start,
    Stop,
    ListContainers,
    Exec,
    ServerResources,
    DeployApp,
    RemoveApp,
    /// Deploys a whole stack. Only Stacker's own agent does this.
    DeployStack,
    /// Computes what `deploy_stack` would do, without doing it.
    PlanStack,
    /// Takes a whole stack down. Named volumes stay, except those that the command lists.
    RemoveStack,
    TriggerPipe,
    /// Tells Stacker's agent that a command was cancelled while the agent is running it.
    Cancel,
}

impl CommandKind {
    pub const ALL: [Self; 15] = [
        Self::Health,
        Self::Logs,
        Self::Restart,
        Self::Start,
        Self::Stop,
        Self::ListContainers,
        Self::Exec,
        Self::ServerResources,
        Self::DeployApp,
        Self::RemoveApp,
        Self::DeployStack,
        Self::PlanStack,
        Self::RemoveStack,
        Self::TriggerPipe,
        Self::Cancel,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Logs => "logs",
            Self::Restart => "restart",
            Self::Start => "start",
            Self::Stop => "stop",
            Self::ListContainers => "list_containers",
            Self::Exec => "exec",
            Self::ServerResources => "server_resources",
            Self::DeployApp => "deploy_app",
            Self::RemoveApp => "remove_app",
            Self::DeployStack => "deploy_stack",
            Self::PlanStack => "plan_stack",
            Self::RemoveStack => "remove_stack",
            Self::TriggerPipe => "trigger_pipe",
            Self::Cancel => "cancel",
        }
    }

    /// Whether running it twice does no more harm than running it once.
    pub fn is_repeatable(self) -> bool {
        !matches!(self, Self::Exec | Self::RemoveApp | Self::RemoveStack | Self::TriggerPipe)
    }

    /// Whether it changes something on the host. An agent runs only one such command at a time for each stack.
    pub fn changes_something(self) -> bool {
        !matches!(
            self,
            Self::Health
                | Self::Logs
                | Self::ListContainers
                | Self::ServerResources
                | Self::PlanStack
                | Self::Cancel
        )
    }
}

/// The type of a command as its text on the wire, exactly as it was received.
///
/// Clients and agents also use types that Stacker does not know, and an agent may be older than its server. Therefore
/// reading accepts every text, [`Self::kind`] returns the known type, and [`Self::parse`] checks what a client sends.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CommandType(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCommandType {
    #[error("command_type is required")]
    Missing,
    #[error("command_type may have {MAX_CHARACTERS} characters, of a-z, 0-9, `_`, `.`, `:` and `-`")]
    Invalid,
}

impl CommandType {
    /// Checks the type of a new command: at most 100 characters of a-z, 0-9, `_`, `.`, `:` and `-`.
    pub fn parse(text: &str) -> Result<Self, InvalidCommandType> {
        let text = text.trim();
        if text.is_empty() {
            return Err(InvalidCommandType::Missing);
        }
        let valid = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.' | b':' | b'-')
        };
        if text.len() > MAX_CHARACTERS || !text.bytes().all(valid) {
            return Err(InvalidCommandType::Invalid);
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The known type, by its short or its long name (`stacker.restart`). `None` for types that Stacker's agent does
    /// not run.
    pub fn kind(&self) -> Option<CommandKind> {
        CommandKind::ALL.into_iter().find(|kind| kind.as_str() == self.short())
    }

    pub(super) fn foreign(&self) -> Option<Foreign> {
        foreign(self.short())
    }

    fn short(&self) -> &str {
        let name = self.0.trim();
        name.strip_prefix(LONG).unwrap_or(name)
    }

    /// Whether running it twice does no more harm than running it once. Unknown types are never repeated.
    pub fn is_repeatable(&self) -> bool {
        self.kind().map_or_else(|| self.foreign().is_some(), CommandKind::is_repeatable)
    }

    /// Whether it changes something on the host. Unknown types count as changes, so that two never run at once on one
    /// stack.
    pub fn changes_something(&self) -> bool {
        self.kind().is_none_or(CommandKind::changes_something)
    }

    /// Whether the command concerns a whole stack. If so, its outcome decides the state of the deployment.
    pub fn is_about_a_stack(&self) -> bool {
        matches!(
            self.kind(),
            Some(CommandKind::DeployStack | CommandKind::PlanStack | CommandKind::RemoveStack)
        )
    }
}

/// All names, short and long, of the types that change nothing on a host.
pub fn names_of_looks() -> Vec<String> {
    let ours = CommandKind::ALL.into_iter().filter(|kind| !kind.changes_something()).map(CommandKind::as_str);
    let of_others = FOREIGN.into_iter().filter(|foreign| foreign.only_looks).map(|foreign| foreign.name);
    ours.chain(of_others).flat_map(|name| [name.to_owned(), format!("{LONG}{name}")]).collect()
}

impl From<CommandKind> for CommandType {
    fn from(kind: CommandKind) -> Self {
        Self(kind.as_str().to_owned())
    }
}

/// Accepts every text, because it comes from the database, from the server or from an agent.
impl From<String> for CommandType {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for CommandType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_types_are_found_by_both_of_their_names() {
        for kind in CommandKind::ALL {
            assert_eq!(CommandType::from(kind).kind(), Some(kind));
            assert_eq!(CommandType::parse(&format!("stacker.{}", kind.as_str())).unwrap().kind(), Some(kind));
        }
    }

    #[test]
    fn types_of_other_agents_are_known_and_repeated() {
        for foreign in FOREIGN {
            let name = CommandType::parse(&format!("stacker.{}", foreign.name)).unwrap();
            assert_eq!((name.kind(), name.foreign()), (None, Some(foreign)));
            assert!(name.is_repeatable());
        }
    }

    #[test]
    fn looking_is_known_by_short_and_long_names() {
        let names = names_of_looks();
        for name in ["logs", "stacker.logs", "cancel", "fetch_config", "stacker.error_summary"] {
            assert!(names.iter().any(|looking| looking == name), "{name}");
        }
        for name in ["restart", "deploy_stack", "apply_config", "backup"] {
            assert!(names.iter().all(|looking| looking != name), "{name}");
        }
    }

    #[test]
    fn free_types_pass_and_are_not_repeated() {
        let free = CommandType::parse("restart_service").unwrap();
        assert_eq!(free.kind(), None);
        assert!(!free.is_repeatable());
    }

    #[test]
    fn reading_accepts_and_keeps_every_text() {
        for text in ["restart", "stacker.logs", "Not A Type", ""] {
            let read: CommandType = serde_json::from_value(text.into()).unwrap();
            assert_eq!(serde_json::to_value(&read).unwrap(), text);
        }
        let unknown = CommandType::from("Not A Type".to_owned());
        assert_eq!(
            (unknown.kind(), unknown.is_repeatable(), unknown.changes_something()),
            (None, false, true)
        );
    }

    #[test]
    fn what_could_be_more_than_a_name_is_refused() {
        assert_eq!(CommandType::parse("  "), Err(InvalidCommandType::Missing));
        for text in ["rm -rf", "Restart", "a\0b", "ü", &"x".repeat(101)] {
            assert_eq!(CommandType::parse(text), Err(InvalidCommandType::Invalid), "{text}");
        }
    }
}
