//! What all areas of use cases share. Each area holds an `Arc` of it, plus only what no other area uses.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::confirm::ConfirmNames;

use super::{
    agent_dispatcher::Vault, deployments::InstallQueue, marketplace::TemplateNews, open_streams::OpenStreams,
    programs::Programs, public_url::PublicUrl,
};
use crate::{
    config::{AgentSettings, CallbackSettings, LimitSettings},
    connectors::{
        callback::CallbackSender, cloud_api::CloudApi, docker_hub::DockerHub, oauth::IdentityProvider,
        registry::Registry, user_service::UserService,
    },
    context::Context,
    crypto::KeyRing,
    db::Pool,
    dispatch::Hub,
};

#[derive(Debug)]
pub(super) struct Core {
    /// Every area: each use case takes a connection or begins a transaction.
    pub pool: Pool,
    /// Every area: time, randomness and ids.
    pub context: Context,
    /// Commands, deployments, agents and tokens: wakes waiting polls and pages, and caches agents between polls.
    pub hub: Hub,
    /// Sessions, clients and commands: seals and opens stored secrets. Its keys change while the server runs.
    pub keyring: Arc<KeyRing>,
    /// Agents and hosts: the vault that tokens of legacy agents are copied to.
    pub vault: Vault,
    /// Deployments: what is sent to the install service, through the broker.
    pub install: InstallQueue,
    /// Clouds: the APIs of the providers.
    pub cloud_api: Arc<dyn CloudApi>,
    /// Images and deployments: the registries that images are looked up in.
    pub registry: Arc<dyn Registry>,
    /// Images: Docker Hub, for browsing.
    pub docker_hub: Arc<dyn DockerHub>,
    /// Callbacks: sends them.
    pub callback_sender: Arc<dyn CallbackSender>,
    /// Callbacks: their limits.
    pub callbacks: CallbackSettings,
    /// Deployments: what plan a person has, and what they have bought.
    pub user_service: Arc<dyn UserService>,
    /// The marketplace: what the User Service is told about templates.
    pub template_news: TemplateNews,
    /// Sessions: the provider that confirms users again. `None`: no provider is configured.
    pub provider: Option<Arc<dyn IdentityProvider>>,
    /// Sessions: how often the provider is asked again.
    pub check_interval: TimeDelta,
    /// Hosts: the address that the join command contains. Known once the server listens.
    pub public_url: PublicUrl,
    /// Hosts: the program that they download.
    pub programs: Programs,
    /// Hosts: how many streams of its hosts each account has open on this server.
    pub host_streams: OpenStreams,
    /// Projects, hosts, accounts and commands: how much one account is allowed to store.
    pub limits: LimitSettings,
    /// Agents, commands and deployments: time limits of polls, tokens, commands and health.
    pub agent_settings: AgentSettings,
    /// Projects, hosts and clients: whether programs, too, must send the name of what they delete.
    pub confirm_names: ConfirmNames,
    /// Clients: how many API clients one user is allowed to have.
    pub max_clients: u32,
    /// The audit log: how long its lines are stored.
    pub audit_keep: TimeDelta,
}
