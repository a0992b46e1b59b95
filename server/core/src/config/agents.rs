//! How agents poll (`agent_command_poll_*`), and the agent of this machine (`local_agent`).

use std::time::Duration;

use super::{
    fields::{Fields, Key},
    values::{positive, text},
};

const SECONDS: &str = "a number of seconds, 1 or more";
const TIMEOUT: Key =
    Key::new("agent_command_poll_timeout_secs", SECONDS).or_variable("STACKER_AGENT_POLL_TIMEOUT_SECS");
const INTERVAL: Key =
    Key::new("agent_command_poll_interval_secs", SECONDS).or_variable("STACKER_AGENT_POLL_INTERVAL_SECS");
const OWNER: Key = Key::new("local_agent.owner", "the id of a user");

/// Longer than any proxy keeps a silent request.
const MAX_POLL_TIMEOUT: Duration = Duration::from_secs(3600);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentSettings {
    /// How long a poll is held when there is nothing to do.
    pub poll_timeout: Duration,
    /// What agents of old are told to wait between polls.
    pub poll_interval: Duration,
}

impl AgentSettings {
    pub(super) fn read(fields: &mut Fields) -> Self {
        Self {
            poll_timeout: Duration::from_secs(fields.read(TIMEOUT, positive).unwrap_or(30)),
            poll_interval: Duration::from_secs(fields.read(INTERVAL, positive).unwrap_or(3)),
        }
    }

    pub(super) fn validate(&self, fields: &mut Fields) {
        if self.poll_timeout > MAX_POLL_TIMEOUT {
            fields.contradiction(
                "agent_command_poll_timeout_secs",
                "is too long, expected 3600 seconds at most",
            );
        }
    }
}

/// Runs when Docker or Podman is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalAgentSettings {
    /// With a sign-in provider the agent runs only when somebody owns it; without one it is the local operator's.
    pub owner: Option<String>,
}

impl LocalAgentSettings {
    pub(super) fn read(fields: &mut Fields) -> Self {
        fields.ignore_empty_section("local_agent");
        Self { owner: fields.read(OWNER, text) }
    }
}
