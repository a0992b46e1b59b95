//! `connectors.user_service`: the User Service, which knows plans and purchases.

use super::{
    connectors::{ADDRESS, RETRIES, SECONDS, ServiceKeys, ServiceSettings},
    fields::{Fields, Key},
    values::BOOLEAN,
};
use crate::connectors::user_service::UserPlanUrl;

#[derive(Clone, Debug)]
pub struct UserServiceSettings {
    pub service: ServiceSettings,
    /// `None`: nobody is asked about without a token of their own.
    pub user_plan_url: Option<UserPlanUrl>,
}

const USER_SERVICE: ServiceKeys = ServiceKeys {
    section: "connectors.user_service",
    enabled: Key::new("connectors.user_service.enabled", BOOLEAN),
    base_url: Key::new("connectors.user_service.base_url", ADDRESS)
        .or_fallbacks(&["URL_SERVER_USER", "USER_SERVICE_BASE_URL"]),
    timeout: Key::new("connectors.user_service.timeout_secs", SECONDS),
    retries: Key::new("connectors.user_service.retry_attempts", RETRIES),
    token: Some(
        Key::new("connectors.user_service.auth_token", "a token of that service")
            .or_variable("USER_SERVICE_AUTH_TOKEN")
            .or_fallbacks(&["STACKER_SERVICE_TOKEN"])
            .secret(),
    ),
    default_url: Some("http://localhost:4100/server/user"),
};

const USER_PLAN_URL: Key = Key::new(
    "connectors.user_service.user_plan_url",
    "an address like https://service.example.com/plans/{user_id}",
);

impl UserServiceSettings {
    pub(super) fn read(fields: &mut Fields) -> Self {
        Self {
            service: USER_SERVICE.read(fields, false),
            user_plan_url: fields.read(USER_PLAN_URL, UserPlanUrl::parse),
        }
    }

    pub(super) fn validate(&self, fields: &mut Fields) {
        USER_SERVICE.validate(fields, &self.service);
    }
}
