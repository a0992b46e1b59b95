//! Use cases by area. Each takes the caller first, asks [`domain::access::may`] itself, and makes ownership part of its
//! queries, so that no transport can forget either.
//!
//! A new area: a file beside these with its type, its error and its tests; a method on [`Services`]; SQL in [`crate::db`].

mod agents;
mod commands;
mod context;
pub mod deployments;
mod health;
mod hosts;
mod json_text;
mod projects;
mod public_url;
mod sessions;
mod sign_in;
mod tokens;

use std::sync::Arc;

use sqlx::PgPool;

pub use agents::{
    AgentCredentials, AgentRecord, Agents, KnownAgent, OFFLINE_AFTER, ObservedError, RefusedAgent,
    RegisterError, Registered, Signature,
};
pub use commands::{
    CancelError, CommandFilter, Commands, CreateError, Delivery, ListError, LogsError, Poll, ProgressError,
    ReportError, WaitError,
};
pub use context::{Context, Random, SeededRandom, SystemRandom};
pub use deployments::{DeployForm, DeploymentError, DeploymentFilter, Deployments, MAX_EVENTS};
pub use health::{
    ComponentHealth, ComponentMetrics, Health, HealthError, HealthReport, HealthStatus, PoolUse,
};
pub use hosts::{ENROLMENT_LIFETIME, HostError, Hosts, LiveDeployments};
pub use projects::{
    Listed, MAX_NAME_CHARACTERS, MAX_PAGE, NameProblem, Page, ProjectError, Projects, SaveDraft,
};
pub use public_url::PublicUrl;
pub use sessions::{SESSION_LIFETIME, SessionError, SessionToken, Sessions};
pub use sign_in::{LINK_CODE_LIFETIME, SignIn, SignInError, local_operator};
pub use tokens::{TokenError, Tokens};

use crate::{
    config::{AgentSettings, LimitSettings, Settings},
    crypto::KeyRing,
    dispatch::Hub,
};

/// All use cases. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Services {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    pool: PgPool,
    limits: LimitSettings,
    public_url: PublicUrl,
    keyring: Arc<KeyRing>,
    context: Context,
    token_cache: tokens::Cache,
    health_records: health::Records,
    hub: Hub,
    agent_settings: AgentSettings,
    sightings: Arc<agents::Sightings>,
    replays: agents::ReplayMemory,
}

impl Services {
    pub fn new(pool: PgPool, settings: &Settings, keyring: Arc<KeyRing>, context: Context) -> Self {
        Self {
            inner: Arc::new(Inner {
                pool,
                limits: settings.limits.clone(),
                public_url: PublicUrl::of(&settings.server),
                keyring,
                context,
                token_cache: tokens::new_cache(),
                health_records: health::Records::default(),
                hub: Hub::new(),
                agent_settings: settings.agents.clone(),
                sightings: Arc::default(),
                replays: agents::new_replay_memory(),
            }),
        }
    }

    pub fn projects(&self) -> Projects {
        Projects::new(self.inner.pool.clone(), self.inner.limits.clone(), self.inner.context.clone())
    }

    pub fn deployments(&self) -> Deployments {
        Deployments::new(self.inner.pool.clone(), self.projects(), self.inner.context.clone())
    }

    pub fn hosts(&self) -> Hosts {
        Hosts::new(self.inner.pool.clone(), self.inner.public_url.clone(), self.inner.context.clone())
    }

    pub fn sessions(&self) -> Sessions {
        Sessions::new(self.inner.pool.clone(), self.inner.context.clone())
    }

    pub fn tokens(&self) -> Tokens {
        Tokens::new(self.inner.pool.clone(), self.inner.context.clone(), self.inner.token_cache.clone())
    }

    pub fn sign_in(&self) -> SignIn {
        SignIn::new(self.inner.pool.clone(), self.inner.context.clone())
    }

    pub fn health(&self) -> Health {
        Health::new(self.inner.pool.clone(), self.inner.context.clone(), self.inner.health_records.clone())
    }

    /// Where people and agents reach the server, once that is known.
    pub fn reached_at(&self, url: &str) {
        self.inner.public_url.set(url);
    }

    pub fn agents(&self) -> Agents {
        let inner = &self.inner;
        Agents::new(
            inner.pool.clone(),
            inner.context.clone(),
            inner.hub.clone(),
            inner.agent_settings.clone(),
            inner.sightings.clone(),
            inner.replays.clone(),
        )
    }

    pub fn commands(&self) -> Commands {
        let inner = &self.inner;
        Commands::new(
            inner.pool.clone(),
            inner.context.clone(),
            inner.hub.clone(),
            inner.agent_settings.clone(),
            inner.keyring.clone(),
            inner.sightings.clone(),
        )
    }

    /// Who waits for what on this server.
    pub fn hub(&self) -> &Hub {
        &self.inner.hub
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.inner.pool
    }

    pub(crate) fn agent_settings(&self) -> &AgentSettings {
        &self.inner.agent_settings
    }

    /// What seals secrets at rest.
    pub fn keyring(&self) -> &Arc<KeyRing> {
        &self.inner.keyring
    }

    /// Time, randomness and ids, for transports that need them too.
    pub fn context(&self) -> &Context {
        &self.inner.context
    }
}
