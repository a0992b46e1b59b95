//! What every handler can reach. Made once by [`crate::app::Application::build`].

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
    /// Knows the bearers of others; `None` where no `auth_url` is configured, and then such bearers are refused.
    pub users: Option<Arc<dyn UserLookup>>,
    /// Knows the JWTs of other services; `None` where no `service_jwt` is configured, and then none is let in.
    pub service_jwts: Option<ServiceJwts>,
    /// How often one address or account may ask.
    pub rates: Limiter,
    /// Who is believed about where a request comes from.
    pub trusted_proxies: Networks,
    /// Which pages of other origins may call the REST API.
    pub cors: CorsSettings,
    /// How large and how long requests may be.
    pub limits: LimitSettings,
    /// How long a poll of an agent is held unless it says so itself.
    pub poll_timeout: Duration,
    pub leptos: LeptosOptions,
    /// Where people reach this server.
    pub origin: Origin,
    /// Under `make dev` pages listen for changes on another port, which their policy must allow.
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
