//! `limits`: upper limits for sizes, numbers and times.

use std::time::Duration;

use super::{
    fields::{Fields, Key},
    values::positive,
};

/// A constraint of the table sets the same limit.
const MAX_COMPOSE_BYTES: usize = 1024 * 1024;

const PROJECTS: Key = Key::new("limits.max_projects", "a number, 1 or more");
const HOSTS: Key = Key::new("limits.max_hosts", "a number, 1 or more");
const DEPLOYMENTS: Key = Key::new("limits.max_deployments", "a number, 1 or more");
const STORED: Key = Key::new("limits.max_stored_bytes", "a number of bytes, 1 or more");
const COMPOSE: Key = Key::new("limits.compose_bytes", "a number of bytes, 1 to 1048576");
const BODY: Key = Key::new("limits.request_body_bytes", "a number of bytes, 1 or more");
const OPEN_COMMANDS: Key = Key::new("limits.open_commands_per_deployment", "a number, 1 or more");
const TIMEOUT: Key = Key::new("limits.request_timeout_secs", "a number of seconds, 1 or more");

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitSettings {
    /// Per account, like the next three. `None`: no limit.
    pub max_projects: Option<u32>,
    pub max_hosts: Option<u32>,
    /// Deployments that are live.
    pub max_deployments: Option<u32>,
    /// All projects of an account: compose files and the data stored with them.
    pub max_stored_bytes: Option<u64>,
    /// One compose file.
    pub compose_bytes: usize,
    /// Requests that carry compose files or project forms; other requests have smaller limits.
    pub request_body_bytes: usize,
    /// Commands of a deployment that have not ended.
    pub open_commands_per_deployment: u32,
    /// Does not apply to long polls.
    pub request_timeout: Duration,
}

impl LimitSettings {
    pub(super) fn read(fields: &mut Fields) -> Self {
        fields.ignore_empty_section("limits");
        let default = Self::default();
        Self {
            max_projects: fields.read(PROJECTS, positive),
            max_hosts: fields.read(HOSTS, positive),
            max_deployments: fields.read(DEPLOYMENTS, positive),
            max_stored_bytes: fields.read(STORED, positive),
            compose_bytes: fields.read(COMPOSE, positive).unwrap_or(default.compose_bytes),
            request_body_bytes: fields.read(BODY, positive).unwrap_or(default.request_body_bytes),
            open_commands_per_deployment: fields
                .read(OPEN_COMMANDS, positive)
                .unwrap_or(default.open_commands_per_deployment),
            request_timeout: fields
                .read(TIMEOUT, positive)
                .map_or(default.request_timeout, Duration::from_secs),
        }
    }

    pub(super) fn validate(&self, fields: &mut Fields) {
        if self.compose_bytes > MAX_COMPOSE_BYTES {
            let message = format!("is {}, expected {MAX_COMPOSE_BYTES} at most", self.compose_bytes);
            fields.contradiction("limits.compose_bytes", message);
        }
        if self.request_body_bytes < self.compose_bytes {
            let message = format!(
                "is {}, less than `limits.compose_bytes`, which has to fit into a request",
                self.request_body_bytes
            );
            fields.contradiction("limits.request_body_bytes", message);
        }
    }
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            max_projects: None,
            max_hosts: None,
            max_deployments: None,
            max_stored_bytes: None,
            compose_bytes: MAX_COMPOSE_BYTES,
            // A file still fits if JSON escapes every second byte of it.
            request_body_bytes: 2 * MAX_COMPOSE_BYTES,
            open_commands_per_deployment: 1000,
            request_timeout: Duration::from_secs(30),
        }
    }
}
