//! From `connectors.user_service` in the configuration to the User Service.

use std::sync::Arc;

use anyhow::Context as _;

use super::{NoUserService, UserService, UserServiceClient, UserServiceSettings};
use crate::config::Settings;

/// The User Service as it is configured, or [`NoUserService`]. Nothing is connected yet.
pub fn user_service(settings: &Settings) -> anyhow::Result<Arc<dyn UserService>> {
    let configured = &settings.connectors.user_service;
    let service = &configured.service;
    let Some(base_url) = service.base_url.clone().filter(|_| service.enabled) else {
        return Ok(Arc::new(NoUserService));
    };
    let client = UserServiceClient::new(UserServiceSettings {
        base_url,
        timeout: service.timeout,
        attempts: service.retry_attempts,
        service_token: service.auth_token.clone(),
        user_plan_url: configured.user_plan_url.clone(),
    });
    Ok(Arc::new(client.context("preparing to ask `connectors.user_service`")?))
}
