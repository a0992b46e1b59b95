//! `rate_limits`: how many requests per minute one address or account can send. The whole minute's quota can be used at once.

use super::{
    fields::{Fields, Key},
    values::{BOOLEAN, boolean, positive},
};

const ENABLED: Key = Key::new("rate_limits.enabled", BOOLEAN);
const ADDRESS: Key = figure("rate_limits.address");
const ANONYMOUS: Key = figure("rate_limits.anonymous");
const USER: Key = figure("rate_limits.user");
const CLIENT: Key = figure("rate_limits.client");
const ADMIN: Key = figure("rate_limits.admin");
const AGENT: Key = figure("rate_limits.agent");
const CHECKS: Key = figure("rate_limits.checks");
const CREDENTIALS: Key = figure("rate_limits.credentials");
const ENROLMENTS: Key = figure("rate_limits.enrolments");
const LOOK_UPS: Key = figure("rate_limits.look_ups");
const CALLS: Key = figure("rate_limits.calls");
const SIGN_IN: Key = figure("rate_limits.sign_in");
const PROVIDER_SIGN_IN: Key = figure("rate_limits.provider_sign_in");
const REGISTRATIONS: Key = figure("rate_limits.registrations");
const FAILURES: Key = figure("rate_limits.failures");

const fn figure(name: &'static str) -> Key {
    Key::new(name, "a number of requests in a minute, 1 or more")
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimitSettings {
    pub enabled: bool,
    /// All requests from one address except static files and agents, with or without credentials.
    pub address: u32,
    /// REST without credentials, by address.
    pub anonymous: u32,
    /// By account, for all its credentials together; one of the next two may apply instead.
    pub user: u32,
    /// By API client.
    pub client: u32,
    /// By account with an administrator role.
    pub admin: u32,
    /// Reports, commands and requests of one agent.
    pub agent: u32,
    /// Compose file checks, by account; counts in addition to the limit of the account, like the next four.
    pub checks: u32,
    /// Creating and rotating tokens and API clients.
    pub credentials: u32,
    /// Adding hosts, and creating enrolment codes and agent tokens.
    pub enrolments: u32,
    /// Questions to registries and Docker Hub.
    pub look_ups: u32,
    /// Callbacks that people send: test events, and deliveries again.
    pub calls: u32,
    /// Attempts to use one-time links, by address; the limits below are by address too.
    pub sign_in: u32,
    /// Both ends of signing in at a provider: authorize and callback.
    pub provider_sign_in: u32,
    pub registrations: u32,
    /// Requests with invalid credentials.
    pub failures: u32,
}

impl RateLimitSettings {
    pub(super) fn read(fields: &mut Fields) -> Self {
        fields.ignore_empty_section("rate_limits");
        let default = Self::default();
        let mut read = |key, default| fields.read(key, positive).unwrap_or(default);
        Self {
            address: read(ADDRESS, default.address),
            anonymous: read(ANONYMOUS, default.anonymous),
            user: read(USER, default.user),
            client: read(CLIENT, default.client),
            admin: read(ADMIN, default.admin),
            agent: read(AGENT, default.agent),
            checks: read(CHECKS, default.checks),
            credentials: read(CREDENTIALS, default.credentials),
            enrolments: read(ENROLMENTS, default.enrolments),
            look_ups: read(LOOK_UPS, default.look_ups),
            calls: read(CALLS, default.calls),
            sign_in: read(SIGN_IN, default.sign_in),
            provider_sign_in: read(PROVIDER_SIGN_IN, default.provider_sign_in),
            registrations: read(REGISTRATIONS, default.registrations),
            failures: read(FAILURES, default.failures),
            enabled: fields.read(ENABLED, boolean).unwrap_or(default.enabled),
        }
    }
}

impl Default for RateLimitSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            address: 24_000,
            anonymous: 600,
            user: 6_000,
            client: 6_000,
            admin: 12_000,
            agent: 6_000,
            checks: 600,
            credentials: 60,
            enrolments: 120,
            look_ups: 300,
            calls: 60,
            sign_in: 10,
            provider_sign_in: 120,
            registrations: 30,
            failures: 60,
        }
    }
}
