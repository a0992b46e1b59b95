//! Settings of agents: polling (`agent_command_poll_*`), requirements (`agents`) and the agent of this machine (`local_agent`).

use std::time::Duration;

use chrono::TimeDelta;

use super::{
    fields::{Fields, Key},
    values::{BOOLEAN, boolean, positive, text},
};

const SECONDS: &str = "a number of seconds, 1 or more";
const TIMEOUT: Key =
    Key::new("agent_command_poll_timeout_secs", SECONDS).or_variable("STACKER_AGENT_POLL_TIMEOUT_SECS");
const INTERVAL: Key =
    Key::new("agent_command_poll_interval_secs", SECONDS).or_variable("STACKER_AGENT_POLL_INTERVAL_SECS");
const SIGNATURES: Key = Key::new("agents.require_signatures", BOOLEAN);
const OVERLAP: Key = Key::new("agents.token_overlap_secs", SECONDS);
const EXPIRY: Key = Key::new("agents.command_expiry_hours", "a number of hours, 1 or more");
const HEALTH_TIMEOUT: Key = Key::new("agents.health_timeout_secs", "a number of seconds from 1 to 3600");
const KEEP: Key = Key::new("agents.keep_history_days", "a number of days, 1 or more");
const ENABLED: Key = Key::new("local_agent.enabled", "auto or false");
const OWNER: Key = Key::new("local_agent.owner", "the id of a user");

/// No proxy keeps an idle request open longer than this.
const MAX_POLL_TIMEOUT: Duration = Duration::from_secs(3600);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentSettings {
    /// How long a poll is held if there is no command.
    pub poll_timeout: Duration,
    /// Without effect; accepted because older configurations contain it.
    pub poll_interval: Duration,
    /// Refuse agent requests that have no signature, a wrong time, or a signature that was used before.
    pub require_signatures: bool,
    /// How long the previous token stays valid after a rotation.
    pub token_overlap: TimeDelta,
    /// If a revision is not healthy after this time, the agent returns to the last good one.
    pub health_timeout_secs: u32,
    /// A command that is not fetched fails after this time.
    pub command_expiry: TimeDelta,
    /// How long commands are stored after they have ended.
    pub keep_history: TimeDelta,
}

/// A longer period is of no use and could exceed the range of dates.
pub(super) const MAX_DAYS: u32 = 36_500;

impl AgentSettings {
    pub(super) fn read(fields: &mut Fields) -> Self {
        fields.ignore_empty_section("agents");
        Self {
            poll_timeout: Duration::from_secs(fields.read(TIMEOUT, positive).unwrap_or(30)),
            poll_interval: Duration::from_secs(fields.read(INTERVAL, positive).unwrap_or(3)),
            require_signatures: fields.read(SIGNATURES, boolean).unwrap_or(false),
            token_overlap: TimeDelta::seconds(i64::from(
                fields.read(OVERLAP, positive::<u32>).unwrap_or(600),
            )),
            health_timeout_secs: fields.read(HEALTH_TIMEOUT, health_timeout).unwrap_or(120),
            command_expiry: TimeDelta::hours(i64::from(
                fields.read(EXPIRY, positive::<u32>).unwrap_or(24).min(MAX_DAYS * 24),
            )),
            keep_history: TimeDelta::days(i64::from(
                fields.read(KEEP, positive::<u32>).unwrap_or(90).min(MAX_DAYS),
            )),
        }
    }

    pub(super) fn without_effect(fields: &Fields) -> Option<String> {
        fields
            .is_set(INTERVAL)
            .then(|| format!("`{}` controls nothing: agents are told to come again at once", INTERVAL.name()))
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

/// Agents wait one hour at most.
fn health_timeout(value: &str) -> Option<u32> {
    positive(value).filter(|secs| *secs <= 3600)
}

/// The local agent runs only if Docker or Podman is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalAgentSettings {
    /// If false, the local agent never runs.
    pub enabled: bool,
    /// The owner of this machine's host. With a sign-in provider the agent runs only if it is set; without one the local
    /// operator is the owner.
    pub owner: Option<String>,
}

impl LocalAgentSettings {
    pub(super) fn read(fields: &mut Fields) -> Self {
        fields.ignore_empty_section("local_agent");
        Self { enabled: fields.read(ENABLED, auto_or_false).unwrap_or(true), owner: fields.read(OWNER, text) }
    }
}

fn auto_or_false(value: &str) -> Option<bool> {
    if value.eq_ignore_ascii_case("auto") { Some(true) } else { boolean(value).filter(|enabled| !enabled) }
}
