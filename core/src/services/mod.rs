//! Use cases by area. Each takes the caller first, asks [`domain::access::may`] itself, and makes ownership part of its
//! queries, so that no transport can forget either.
//!
//! A new area: a file beside these with its type, its error and its tests; a method on [`Services`]; SQL in [`crate::db`].

mod account;
pub mod agent_dispatcher;
mod agents;
mod audit;
mod clients;
mod commands;
pub mod deployments;
mod health;
mod hosts;
mod json_text;
mod policy;
mod projects;
mod provider_sign_in;
mod public_url;
mod sealing_keys;
mod service_jwt;
mod sessions;
mod sign_in;
mod tokens;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use chrono::TimeDelta;
use domain::confirm::ConfirmNames;
use sqlx::PgPool;

pub use account::{Account, AccountError, AccountLimit};
pub use agents::{
    AgentCredentials, AgentRecord, Agents, KnownAgent, OFFLINE_AFTER, ObservedError, RefusedAgent,
    RegisterError, Registered, Signature, is_signed_by_agent,
};
pub use audit::{AuditError, AuditExport, AuditLines, AuditLog, AuditPart, ExportFormat};
pub use clients::{ClientError, Clients, RefusedClient, SignedRequest, Whose};
pub use commands::{
    CancelError, CommandFilter, CommandList, Commands, CreateError, Delivery, ListError, LogsError, Poll,
    ProgressError, ReportError, WaitError,
};
pub use deployments::{DeployForm, DeploymentError, DeploymentFilter, Deployments, EventStream, MAX_EVENTS};
pub use health::{
    ComponentHealth, ComponentMetrics, Health, HealthError, HealthReport, HealthStatus, PoolUse,
};
pub use hosts::{ENROLMENT_LIFETIME, HostError, Hosts, LiveDeployments};
pub use policy::{MAX_RULES, NewRule, Question, RuleError, RuleFilter, Rules, Whom};
pub use projects::{
    INVITATION_LIFETIME, Listed, MAX_NAME_CHARACTERS, MAX_PAGE, NameProblem, Page, ProjectError, Projects,
    SaveDraft, SharingError,
};
pub use provider_sign_in::{Arrived, DEPARTURE_LIFETIME, ProviderSignIn, ProviderSignInError, Returned};
pub use public_url::PublicUrl;
pub use sealing_keys::{
    KeyRefresh, KeyRingSource, KeyRingSourceError, ListedKey, REFRESH_EVERY, RetireError, Retired, Rotated,
    Rotation, RotationError, SealingKeyError, Unopened, Verified, check_ring, forget_key, list_keys,
    open_everything, open_key_ring, retire_key,
};
pub use service_jwt::{RefusedJwt, ServiceJwts, ServiceKeyError};
pub use sessions::{Browser, SESSION_LIFETIME, SessionError, SessionToken, Sessions, UNCONFIRMED_FOR};
pub use sign_in::{LINK_CODE_LIFETIME, SignIn, SignInError, local_operator};
pub use tokens::{TokenError, Tokens};

use crate::{
    authz::{Policy, PolicyError, RouteTable},
    config::{AgentSettings, LimitSettings, Settings},
    connectors::{oauth::IdentityProvider, vault::SecretStore},
    context::Context,
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
    /// `None`: the ring stays as it is.
    key_refresh: Option<KeyRefresh>,
    context: Context,
    token_cache: tokens::Cache,
    client_memory: clients::Memory,
    max_clients: u32,
    confirm_names: ConfirmNames,
    /// How long the audit log is kept.
    audit_keep: TimeDelta,
    refused_requests: audit::RefusedRequests,
    provider: Option<Arc<dyn IdentityProvider>>,
    /// Nobody else says who people are.
    signs_in_by_link: bool,
    /// How often the provider is asked again who somebody is.
    check_interval: TimeDelta,
    health_records: health::Records,
    hub: Hub,
    policy: Policy,
    /// What the rules are about; told once, by whoever serves it.
    routes: OnceLock<Arc<RouteTable>>,
    /// `None`: changed rules are seen after a restart.
    policy_reload_interval: Option<Duration>,
    open_streams: deployments::OpenStreams,
    vault: agent_dispatcher::Vault,
    agent_settings: AgentSettings,
    sightings: Arc<agents::Sightings>,
    replays: agents::ReplayMemory,
    refusals: agents::RefusalMemory,
}

impl Services {
    pub fn new(pool: PgPool, settings: &Settings, keyring: Arc<KeyRing>, context: Context) -> Self {
        Self {
            inner: Arc::new(Inner {
                pool,
                limits: settings.limits.clone(),
                public_url: PublicUrl::of(&settings.server),
                vault: agent_dispatcher::Vault::new(
                    None,
                    keyring.clone(),
                    settings.agents.token_overlap,
                    context.clone(),
                ),
                keyring,
                key_refresh: None,
                context,
                token_cache: tokens::new_cache(),
                client_memory: clients::new_memory(),
                max_clients: settings.access.max_clients_number,
                confirm_names: settings.access.confirm_names,
                audit_keep: settings.audit.keep,
                refused_requests: audit::new_refused_requests(),
                provider: None,
                signs_in_by_link: !settings.has_provider(),
                check_interval: settings
                    .oauth
                    .as_ref()
                    .and_then(|oauth| TimeDelta::from_std(oauth.check_interval).ok())
                    .unwrap_or_default(),
                health_records: health::Records::default(),
                hub: Hub::new(),
                policy: Policy::default(),
                routes: OnceLock::new(),
                policy_reload_interval: settings.access.casbin_reload_interval,
                open_streams: deployments::OpenStreams::default(),
                agent_settings: settings.agents.clone(),
                sightings: Arc::default(),
                replays: agents::new_replay_memory(),
                refusals: agents::new_refusal_memory(),
            }),
        }
    }

    /// With a vault that tokens of agents are copied to. Before anything else has a copy of these services.
    pub fn with_vault(mut self, store: Arc<dyn SecretStore>) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.vault = agent_dispatcher::Vault::new(
                Some(store),
                inner.keyring.clone(),
                inner.agent_settings.token_overlap,
                inner.context.clone(),
            );
        }
        self
    }

    /// With a key ring that is read again while the server runs. Before anything else has a copy of these services.
    pub fn with_key_refresh(mut self, refresh: KeyRefresh) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.key_refresh = Some(refresh);
        }
        self
    }

    /// With a provider that people sign in at. Before anything else has a copy of these services.
    pub fn with_provider(mut self, provider: Arc<dyn IdentityProvider>) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.provider = Some(provider);
        }
        self
    }

    /// For operators, who need no role: see [`agent_dispatcher::rotate_token`]. A copy for Vault is brought there at once
    /// when that is possible.
    pub async fn rotate_agent_token(
        &self,
        deployment_hash: &str,
        new_token: &str,
    ) -> Result<(), agent_dispatcher::RotationError> {
        let (pool, vault) = (&self.inner.pool, &self.inner.vault);
        agent_dispatcher::rotate_token(pool, vault, deployment_hash, new_token).await?;
        Ok(agent_dispatcher::deliver_to_vault(pool, vault).await?)
    }

    pub fn vault(&self) -> &agent_dispatcher::Vault {
        &self.inner.vault
    }

    /// What the caller keeps of what it may.
    pub fn account(&self) -> Account {
        Account::new(self.inner.pool.clone(), self.inner.limits.clone())
    }

    pub fn projects(&self) -> Projects {
        let inner = &self.inner;
        Projects::new(inner.pool.clone(), inner.limits.clone(), inner.confirm_names, inner.context.clone())
    }

    pub fn deployments(&self) -> Deployments {
        let inner = &self.inner;
        Deployments::new(
            inner.pool.clone(),
            self.projects(),
            inner.hub.clone(),
            inner.open_streams.clone(),
            inner.agent_settings.health_timeout_secs,
            inner.context.clone(),
        )
    }

    pub fn hosts(&self) -> Hosts {
        let inner = &self.inner;
        Hosts::new(
            inner.pool.clone(),
            inner.public_url.clone(),
            inner.vault.clone(),
            inner.confirm_names,
            inner.context.clone(),
            inner.limits.max_hosts,
        )
    }

    pub fn sessions(&self) -> Sessions {
        let inner = &self.inner;
        Sessions {
            pool: inner.pool.clone(),
            context: inner.context.clone(),
            keyring: inner.keyring.clone(),
            provider: inner.provider.clone(),
            check_interval: inner.check_interval,
        }
    }

    /// Whether the one-time links of the local operator are the way in.
    pub fn signs_in_by_link(&self) -> bool {
        self.inner.signs_in_by_link
    }

    /// `None`: no provider is configured.
    pub fn provider_sign_in(&self) -> Option<ProviderSignIn> {
        let inner = &self.inner;
        Some(ProviderSignIn {
            provider: inner.provider.clone()?,
            keyring: inner.keyring.clone(),
            context: inner.context.clone(),
            sessions: self.sessions(),
        })
    }

    pub fn tokens(&self) -> Tokens {
        let inner = &self.inner;
        Tokens::new(inner.pool.clone(), inner.context.clone(), inner.token_cache.clone(), inner.hub.clone())
    }

    pub fn clients(&self) -> Clients {
        let inner = &self.inner;
        Clients::new(
            inner.pool.clone(),
            inner.context.clone(),
            inner.keyring.clone(),
            inner.client_memory.clone(),
            inner.max_clients,
            inner.confirm_names,
        )
    }

    /// Who did what.
    pub fn audit(&self) -> AuditLog {
        let inner = &self.inner;
        AuditLog::new(
            inner.pool.clone(),
            inner.context.clone(),
            inner.audit_keep,
            inner.refused_requests.clone(),
        )
    }

    pub fn sign_in(&self) -> SignIn {
        SignIn::new(self.inner.pool.clone(), self.inner.context.clone())
    }

    /// The rules of who may do what over REST. Nobody may anything until they were read once: [`Policy::reload`].
    pub fn policy(&self) -> &Policy {
        &self.inner.policy
    }

    /// Reads the rules.
    pub async fn load_policy(&self) -> Result<(), PolicyError> {
        self.inner.policy.reload(&self.inner.pool).await
    }

    pub(crate) fn policy_reload_interval(&self) -> Option<Duration> {
        self.inner.policy_reload_interval
    }

    /// What the REST API offers. The first word stays.
    pub fn offers(&self, routes: RouteTable) {
        self.inner.routes.get_or_init(|| Arc::new(routes));
    }

    /// For operators.
    pub fn rules(&self) -> Rules {
        let inner = &self.inner;
        Rules {
            pool: inner.pool.clone(),
            context: inner.context.clone(),
            policy: inner.policy.clone(),
            routes: inner.routes.get().cloned(),
        }
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
            inner.refusals.clone(),
            inner.vault.clone(),
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
            inner.limits.open_commands_per_deployment,
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

    pub(crate) fn key_refresh(&self) -> Option<&KeyRefresh> {
        self.inner.key_refresh.as_ref()
    }

    /// Time, randomness and ids, for transports that need them too.
    pub fn context(&self) -> &Context {
        &self.inner.context
    }
}
