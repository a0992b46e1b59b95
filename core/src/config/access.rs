//! Settings of authentication and authorization: `auth_url`, `max_clients_number`, `require_confirm_name`, `casbin_reload_*`.

use std::time::Duration;

use domain::confirm::ConfirmNames;
use url::Url;

use super::{
    fields::{Fields, Key},
    server::ServerSettings,
    values::{BOOLEAN, boolean, http_url, number, positive},
};

const AUTH_URL: Key = Key::new("auth_url", "an address like https://accounts.example.com/me").secret();
const MAX_CLIENTS: Key = Key::new("max_clients_number", "a number, 0 or more");
const CONFIRM_NAME: Key = Key::new("require_confirm_name", BOOLEAN);
const CASBIN_RELOAD: Key =
    Key::new("casbin_reload_enabled", BOOLEAN).or_variable("STACKER_CASBIN_RELOAD_ENABLED");
const CASBIN_INTERVAL: Key = Key::new("casbin_reload_interval_secs", "a number of seconds, 1 or more")
    .or_variable("STACKER_CASBIN_RELOAD_INTERVAL_SECS");

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessSettings {
    /// Resolves bearer tokens. `None`: only access tokens of this server are accepted.
    pub auth_url: Option<Url>,
    /// Maximum number of API clients per user.
    pub max_clients_number: u32,
    /// Whether programs, too, must confirm a deletion with the name of what they delete.
    pub confirm_names: ConfirmNames,
    /// `None`: changed rules take effect after a restart.
    pub casbin_reload_interval: Option<Duration>,
}

impl AccessSettings {
    pub(super) fn read(fields: &mut Fields) -> Self {
        let reload = fields.read(CASBIN_RELOAD, boolean).unwrap_or(true);
        let interval = fields.read(CASBIN_INTERVAL, positive).unwrap_or(10);
        Self {
            auth_url: fields.read(AUTH_URL, http_url),
            max_clients_number: fields.read(MAX_CLIENTS, number).unwrap_or(10),
            confirm_names: match fields.read(CONFIRM_NAME, boolean) {
                Some(true) => ConfirmNames::Always,
                Some(false) | None => ConfirmNames::WhereGiven,
            },
            casbin_reload_interval: reload.then(|| Duration::from_secs(interval)),
        }
    }

    /// One-time links are accepted only if the server listens on loopback.
    pub(super) fn validate(&self, fields: &mut Fields, server: &ServerSettings, has_oauth: bool) {
        if self.auth_url.is_none() && !has_oauth && !server.is_loopback() {
            let message = format!(
                "is `{}`, which others can reach, and no sign-in provider is set: set `oauth` or `auth_url`, or listen on 127.0.0.1",
                server.host
            );
            fields.contradiction("app_host", message);
        }
    }
}
