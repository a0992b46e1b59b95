//! The state that every handler can reach. Built once by [`crate::app::Application::build`].

use std::{ops::Deref, sync::Arc, time::Duration};

use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use stacker::{
    config::{CorsSettings, LimitSettings, Networks},
    connectors::oauth::UserLookup,
    services::{ServiceJwts, Services},
};

use crate::{http::Origin, middleware::rate_limit::Limiter};

/// Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

pub struct Parts {
    pub services: Services,
    /// Looks up bearer tokens of the provider. Without `auth_url` it is `None`, and such tokens are refused.
    pub users: Option<Arc<dyn UserLookup>>,
    /// Checks the JWTs of other services. Without `service_jwt` it is `None`, and no JWT is accepted.
    pub service_jwts: Option<ServiceJwts>,
    /// How many requests one address or account is allowed.
    pub rates: Limiter,
    /// Proxies whose report of the client's address is trusted.
    pub trusted_proxies: Networks,
    /// Which pages of other origins are allowed to call the REST API.
    pub cors: CorsSettings,
    /// Limits on the size and duration of requests.
    pub limits: LimitSettings,
    /// How long a poll of an agent is held when the agent does not ask for a time.
    pub poll_timeout: Duration,
    pub leptos: LeptosOptions,
    /// Where people reach this server.
    pub origin: Origin,
    /// Under `make dev`, pages listen for changes on another port, which their Content-Security-Policy must allow.
    pub reloads: bool,
}

impl AppState {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
