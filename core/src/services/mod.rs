//! Use cases by area. Each takes the caller first, checks the role itself ([`domain::access::may`]), and makes ownership part
//! of its queries, so that no transport can skip either.
//!
//! To add an area, add a file or folder here with its type, its error and its tests, a method on [`Services`], and its SQL in
//! [`crate::db`]. What several areas need is in [`Core`](self::core::Core); an area imports another area by its own path, not
//! through this file, so that no two files import each other.

mod account;
pub mod agent_dispatcher;
mod agents;
mod agreements;
mod audit;
mod callbacks;
mod clients;
mod clouds;
mod commands;
mod core;
pub mod deployments;
mod health;
mod hosts;
mod images;
mod marketplace;
mod open_streams;
mod page;
mod parts;
mod programs;
mod projects;
mod public_url;
mod ratings;
mod reported_text;
mod rules;
mod sealing_keys;
mod sign_in;
mod tokens;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use chrono::TimeDelta;

pub use account::{Account, AccountError, AccountLimit};
pub use agents::{
    AgentAuthError, AgentCredentials, AgentRecord, Agents, KnownAgent, OFFLINE_AFTER, ObservedError,
    RegisterError, Registered, Signature, is_signed_by_agent,
};
pub use agreements::{AgreementError, Agreements};
pub use audit::{AuditError, AuditExport, AuditLines, AuditLog, AuditPart, ExportFormat};
pub use callbacks::{CallbackError, Callbacks, Deliveries, DeliveryPart};
pub use clients::{ClientAuthError, ClientError, Clients, SignedRequest, Whose};
pub use clouds::{CloudError, Clouds, Servers};
pub use commands::{
    CancelError, CommandFilter, CommandList, Commands, CreateError, Delivery, ListError, LogsError, Poll,
    ProgressError, ReportError, WaitError,
};
pub use deployments::{
    DeploymentError, DeploymentFilter, Deployments, EventStream, MAX_EVENTS, ProgressMessage,
    ProgressRefusal, ProgressStream, STATUS_TOKEN_LIFETIME, ServiceControl, ValidationError,
};
pub use health::{
    ComponentHealth, ComponentMetrics, Health, HealthError, HealthReport, HealthStatus, PoolUse,
};
pub use hosts::{ENROLMENT_LIFETIME, HostError, HostStream, Hosts, LiveDeployments, WhoseHosts};
pub use images::{ImageError, Images};
pub use marketplace::TemplateNews;
pub use page::{Listed, MAX_PAGE, Page};
pub use parts::ServiceParts;
pub use programs::{FoundProgram, ProgramError, Programs};
pub use projects::{
    INVITATION_LIFETIME, MAX_NAME_CHARACTERS, NameProblem, ProjectError, Projects, SaveDraft, SharingError,
    VersionStream, check_settings,
};
pub use public_url::{Address, PublicUrl};
pub use ratings::{RatingError, Ratings};
pub use rules::{MAX_RULES, NewRule, Question, RuleError, RuleFilter, Rules, SubjectQuery};
pub use sealing_keys::{
    KeyRefresh, KeyRingSource, KeyRingSourceError, ListedKey, REFRESH_EVERY, RetireError, Retired, Rotated,
    Rotation, RotationError, SealingKeyError, Unopened, Verified, check_ring, forget_key, list_keys,
    open_everything, open_key_ring, retire_key,
};
pub use sign_in::one_time_link::{LINK_CODE_LIFETIME, SignIn, SignInError};
pub use sign_in::provider::{
    AUTHORIZATION_LIFETIME, CallbackQuery, ProviderSignIn, ProviderSignInError, SignedInBrowser,
};
pub use sign_in::service_jwt::{JwtAuthError, ServiceJwts, ServiceKeyError};
pub use sign_in::sessions::{
    Browser, SESSION_LIFETIME, SessionError, SessionToken, Sessions, UNCONFIRMED_FOR,
};
pub use tokens::{TokenError, Tokens};

use self::{core::Core, deployments::InstallQueue, open_streams::OpenStreams};
use crate::{
    authz::{RestRules, RestRulesError, RouteTable},
    config::AgentSettings,
    context::Context,
    crypto::KeyRing,
    db::Pool,
    dispatch::Hub,
    outbox::{Destination, Outbox, drain},
};

/// All use cases. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Services {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    core: Arc<Core>,
    // Areas with memory of their own; the others are created on demand.
    agents: Agents,
    audit: AuditLog,
    clients: Clients,
    commands: Commands,
    deployments: Deployments,
    health: Health,
    tokens: Tokens,
    /// Whether the local operator signs in by one-time link, because no provider is configured.
    signs_in_by_link: bool,
    /// The rules around REST that are in force on this server.
    rest_rules: RestRules,
    /// How often the rules are read again. `None`: changed rules take effect after a restart.
    rest_rules_reload_interval: Option<Duration>,
    /// The routes that the rules apply to; set once by the transport that serves them.
    routes: OnceLock<Arc<RouteTable>>,
    key_refresh: Option<KeyRefresh>,
}

impl Services {
    pub fn new(parts: ServiceParts<'_>) -> Self {
        let ServiceParts {
            pool,
            settings,
            keyring,
            context,
            vault,
            broker,
            consumer,
            cloud_api,
            registry,
            docker_hub,
            callback_sender,
            user_service,
            marketplace_webhook,
            provider,
            key_refresh,
        } = parts;
        let check_interval = settings.oauth.as_ref().map(|oauth| oauth.check_interval);
        let overlap = settings.agents.token_overlap;
        let core = Arc::new(Core {
            pool,
            hub: Hub::new(),
            vault: agent_dispatcher::Vault::new(vault, keyring.clone(), overlap, context.clone()),
            install: InstallQueue::new(broker, settings.amqp.as_ref(), context.clone()),
            cloud_api,
            registry,
            docker_hub,
            callback_sender,
            callbacks: settings.callbacks.clone(),
            user_service,
            template_news: TemplateNews::new(
                marketplace_webhook,
                settings.connectors.marketplace_webhook.timeout,
                keyring.clone(),
                context.clone(),
            ),
            keyring,
            context,
            provider,
            check_interval: check_interval
                .and_then(|interval| TimeDelta::from_std(interval).ok())
                .unwrap_or_default(),
            public_url: PublicUrl::of(&settings.server),
            programs: Programs::new(settings.server.programs_dir.clone()),
            host_streams: OpenStreams::default(),
            limits: settings.limits.clone(),
            agent_settings: settings.agents.clone(),
            confirm_names: settings.access.confirm_names,
            max_clients: settings.access.max_clients_number,
            audit_keep: settings.audit.keep,
        });
        let agents = Agents::new(core.clone());
        let commands = Commands::new(core.clone(), agents.sightings());
        let projects = Projects::new(core.clone());
        let inner = Inner {
            agents,
            audit: AuditLog::new(core.clone()),
            clients: Clients::new(core.clone()),
            deployments: Deployments::new(core.clone(), projects, commands.clone()),
            commands,
            health: Health::new(core.clone(), consumer),
            tokens: Tokens::new(core.clone()),
            signs_in_by_link: !settings.has_provider(),
            rest_rules: RestRules::default(),
            rest_rules_reload_interval: settings.access.casbin_reload_interval,
            routes: OnceLock::new(),
            key_refresh,
            core,
        };
        Self { inner: Arc::new(inner) }
    }

    /// How much the caller stores, and how much they are allowed to store.
    pub fn account(&self) -> Account {
        Account::new(self.core())
    }

    pub fn projects(&self) -> Projects {
        Projects::new(self.core())
    }

    pub fn deployments(&self) -> Deployments {
        self.inner.deployments.clone()
    }

    pub fn hosts(&self) -> Hosts {
        Hosts::new(self.core())
    }

    /// What hosts download.
    pub fn programs(&self) -> Programs {
        self.inner.core.programs.clone()
    }

    pub fn agents(&self) -> Agents {
        self.inner.agents.clone()
    }

    pub fn commands(&self) -> Commands {
        self.inner.commands.clone()
    }

    pub fn sessions(&self) -> Sessions {
        Sessions::new(self.core())
    }

    pub fn sign_in(&self) -> SignIn {
        SignIn::new(self.core())
    }

    /// `None`: no provider is configured.
    pub fn provider_sign_in(&self) -> Option<ProviderSignIn> {
        let provider = self.inner.core.provider.clone()?;
        Some(ProviderSignIn { core: self.core(), provider, sessions: self.sessions() })
    }

    /// Whether the local operator signs in by one-time links.
    pub fn signs_in_by_link(&self) -> bool {
        self.inner.signs_in_by_link
    }

    pub fn tokens(&self) -> Tokens {
        self.inner.tokens.clone()
    }

    pub fn clients(&self) -> Clients {
        self.inner.clients.clone()
    }

    /// Credentials for cloud providers.
    pub fn clouds(&self) -> Clouds {
        Clouds::new(self.core())
    }

    /// Where the server reports what happens.
    pub fn callbacks(&self) -> Callbacks {
        Callbacks::new(self.core())
    }

    /// Machines that the install service creates.
    pub fn servers(&self) -> Servers {
        Servers::new(self.core())
    }

    /// Images: browsing Docker Hub, looking up what a stack uses, credentials for registries.
    pub fn images(&self) -> Images {
        Images::new(self.core())
    }

    /// What users think of products.
    pub fn ratings(&self) -> Ratings {
        Ratings::new(self.core())
    }

    /// Texts that users accept.
    pub fn agreements(&self) -> Agreements {
        Agreements::new(self.core())
    }

    /// The audit log: who did what.
    pub fn audit(&self) -> AuditLog {
        self.inner.audit.clone()
    }

    pub fn health(&self) -> Health {
        self.inner.health.clone()
    }

    /// The rules around REST, for operators to read and change.
    pub fn rules(&self) -> Rules {
        let inner = &self.inner;
        Rules { core: self.core(), in_force: inner.rest_rules.clone(), routes: inner.routes.get().cloned() }
    }

    /// The rules around REST that are in force on this server. They allow nothing until [`Self::load_rest_rules`] has run.
    pub fn rest_rules(&self) -> &RestRules {
        &self.inner.rest_rules
    }

    /// Reads the rules from the database.
    pub async fn load_rest_rules(&self) -> Result<(), RestRulesError> {
        self.inner.rest_rules.reload(&self.inner.core.pool).await
    }

    /// Sets the routes that the REST API offers. Only the first call has an effect.
    pub fn offers(&self, routes: RouteTable) {
        self.inner.routes.get_or_init(|| Arc::new(routes));
    }

    /// Sets the address at which people and agents reach the server, once it listens.
    pub fn reached_at(&self, url: &str) {
        self.inner.core.public_url.set(url);
    }

    /// Rotates the token of an agent, for operators on the console, who need no role: see [`agent_dispatcher::rotate_token`]. The
    /// copy for Vault is delivered at once if Vault answers.
    pub async fn rotate_agent_token(
        &self,
        deployment_hash: &str,
        new_token: &str,
    ) -> Result<(), agent_dispatcher::RotationError> {
        let Core { pool, vault, .. } = self.inner.core.as_ref();
        agent_dispatcher::rotate_token(pool, vault, deployment_hash, new_token).await?;
        Ok(drain(self.outbox(), vault).await?)
    }

    /// Where the messages of the outbox go.
    pub(crate) fn destinations(&self) -> Vec<Arc<dyn Destination>> {
        let core = &self.inner.core;
        vec![
            Arc::new(core.vault.clone()),
            Arc::new(core.install.clone()),
            Arc::new(core.template_news.clone()),
        ]
    }

    pub(crate) fn outbox(&self) -> Outbox<'_> {
        let Core { pool, keyring, context, .. } = self.inner.core.as_ref();
        Outbox { pool, keyring, context }
    }

    /// Delivers all due messages of the outbox, as a job does while the server runs.
    pub async fn deliver(&self) -> anyhow::Result<()> {
        for destination in self.destinations() {
            drain(self.outbox(), destination.as_ref()).await?;
        }
        Ok(())
    }

    pub fn vault(&self) -> &agent_dispatcher::Vault {
        &self.inner.core.vault
    }

    /// What the User Service is told about templates.
    pub fn template_news(&self) -> &TemplateNews {
        &self.inner.core.template_news
    }

    /// The hub, which knows which agents and pages wait for what on this server.
    pub fn hub(&self) -> &Hub {
        &self.inner.core.hub
    }

    /// The key ring, which seals secrets at rest.
    pub fn keyring(&self) -> &Arc<KeyRing> {
        &self.inner.core.keyring
    }

    /// Time, randomness and ids, for transports that need them too.
    pub fn context(&self) -> &Context {
        &self.inner.core.context
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.inner.core.pool
    }

    pub(crate) fn agent_settings(&self) -> &AgentSettings {
        &self.inner.core.agent_settings
    }

    pub(crate) fn key_refresh(&self) -> Option<&KeyRefresh> {
        self.inner.key_refresh.as_ref()
    }

    pub(crate) fn rest_rules_reload_interval(&self) -> Option<Duration> {
        self.inner.rest_rules_reload_interval
    }

    fn core(&self) -> Arc<Core> {
        self.inner.core.clone()
    }
}
