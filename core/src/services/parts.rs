//! What [`Services`](super::Services) is built from. All fields are named, so that none is forgotten: a server or a test without
//! a vault sets `vault: None`.

use std::sync::Arc;

use super::sealing_keys::KeyRefresh;
use crate::{
    config::Settings,
    connectors::{
        broker::{Broker, Consumer},
        callback::CallbackSender,
        cloud_api::CloudApi,
        docker_hub::DockerHub,
        marketplace_webhook::MarketplaceWebhook,
        oauth::IdentityProvider,
        registry::Registry,
        user_service::UserService,
        vault::SecretStore,
    },
    context::Context,
    crypto::KeyRing,
    db::Pool,
};

#[derive(Debug)]
pub struct ServiceParts<'a> {
    pub pool: Pool,
    pub settings: &'a Settings,
    /// Seals secrets at rest; see [`super::open_key_ring`].
    pub keyring: Arc<KeyRing>,
    pub context: Context,
    /// The vault that tokens of legacy agents are copied to. `None`: these tokens cannot be rotated.
    pub vault: Option<Arc<dyn SecretStore>>,
    /// The message broker, which leads to the install service. `None`: stacks are deployed only to the users' own hosts.
    pub broker: Option<Arc<dyn Broker>>,
    /// Receives what the install service reports. `None`: no broker is configured, or this program does not consume.
    pub consumer: Option<Arc<Consumer>>,
    /// The APIs of cloud providers.
    pub cloud_api: Arc<dyn CloudApi>,
    /// The registries that images are looked up in.
    pub registry: Arc<dyn Registry>,
    /// Docker Hub, for browsing.
    pub docker_hub: Arc<dyn DockerHub>,
    /// Sends callbacks to addresses that users chose.
    pub callback_sender: Arc<dyn CallbackSender>,
    /// The User Service, which knows plans and purchases.
    pub user_service: Arc<dyn UserService>,
    /// Tells the User Service what reviewers decided. `None`: it is told nothing.
    pub marketplace_webhook: Option<Arc<dyn MarketplaceWebhook>>,
    /// The sign-in provider. `None`: people sign in by one-time link, or with `auth_url`.
    pub provider: Option<Arc<dyn IdentityProvider>>,
    /// Reads the key ring again while the server runs. `None`: the ring does not change, as on the console.
    pub key_refresh: Option<KeyRefresh>,
}
