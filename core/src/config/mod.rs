//! The settings: `configuration.yaml`. Each section has a file here with its `read()` and `validate()`.
//!
//! To add a key, read it in its section's `read()` and describe it in `configuration.yaml.dist`. A key that no section reads is
//! reported as unknown, and a test compares the two.

mod access;
mod agents;
mod amqp;
mod audit;
mod callbacks;
mod connectors;
mod cors;
mod data_dir;
mod database;
mod error;
mod fields;
mod key_ring;
mod limits;
mod log;
mod marketplace_webhook;
mod networks;
mod oauth;
mod rate_limits;
mod registries;
mod server;
mod service_jwt;
mod sources;
mod user_service;
mod values;
mod vault;
mod yaml;

pub use access::AccessSettings;
pub use agents::{AgentSettings, LocalAgentSettings};
pub use amqp::{AmqpSettings, LEGACY_QUEUE};
pub use audit::AuditSettings;
pub use callbacks::CallbackSettings;
pub use connectors::{ConnectorSettings, DockerHubSettings, ServiceSettings};
pub use cors::CorsSettings;
pub use database::{DatabaseSettings, SslMode};
pub use error::{ConfigError, InvalidSetting};
pub use key_ring::KeyRingSettings;
pub use limits::LimitSettings;
pub use log::{LogFile, LogFormat, LogRotation, LogSettings};
pub use marketplace_webhook::MarketplaceWebhookSettings;
pub use networks::{Network, Networks};
pub use oauth::{Claims, OAuthSettings, ProviderAddresses};
pub use rate_limits::RateLimitSettings;
pub use registries::ImageLookUpSettings;
pub use server::ServerSettings;
pub use service_jwt::{ServiceJwtSettings, ServiceKey};
pub use sources::Sources;
pub use user_service::UserServiceSettings;
pub use vault::{AppRole, KvVersion, VaultSettings};

use std::path::PathBuf;

use fields::Fields;

/// All settings. A section that is `None` stands for the built-in default of that part.
#[derive(Clone, Debug)]
pub struct Settings {
    pub server: ServerSettings,
    /// The folder of the private database, the key ring and other files of the server.
    pub data_dir: PathBuf,
    pub access: AccessSettings,
    /// `None`: sign-in at a provider in the browser is off.
    pub oauth: Option<OAuthSettings>,
    /// `None`: no service can sign in with a JWT.
    pub service_jwt: Option<ServiceJwtSettings>,
    pub agents: AgentSettings,
    pub audit: AuditSettings,
    pub local_agent: LocalAgentSettings,
    /// `None`: the private database in the data folder.
    pub database: Option<DatabaseSettings>,
    /// `None`: no broker is used.
    pub amqp: Option<AmqpSettings>,
    /// `None`: agent tokens are not copied to a vault.
    pub vault: Option<VaultSettings>,
    /// The source of the keys that seal stored secrets.
    pub key_ring: KeyRingSettings,
    pub connectors: ConnectorSettings,
    pub callbacks: CallbackSettings,
    pub cors: CorsSettings,
    pub rate_limits: RateLimitSettings,
    pub limits: LimitSettings,
    pub log: LogSettings,
    /// What is set and controls nothing, as sentences for the log of the start.
    pub without_effect: Vec<String>,
}

impl Settings {
    /// Reads and validates all settings, and reports all errors at once.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let mut fields = Fields::of(sources)?;
        let mut settings = Self::read(&mut fields, sources);
        settings.validate(&mut fields);
        settings.without_effect = settings.find_without_effect(&fields);
        fields.finish()?;
        Ok(settings)
    }

    /// Whether a provider is configured; one-time links are then disabled.
    pub fn has_provider(&self) -> bool {
        self.access.auth_url.is_some() || self.oauth.is_some()
    }

    fn read(fields: &mut Fields, sources: &Sources) -> Self {
        Self {
            server: ServerSettings::read(fields),
            data_dir: data_dir::read(fields, sources),
            access: AccessSettings::read(fields),
            oauth: OAuthSettings::read(fields),
            service_jwt: ServiceJwtSettings::read(fields),
            agents: AgentSettings::read(fields),
            audit: AuditSettings::read(fields),
            local_agent: LocalAgentSettings::read(fields),
            database: DatabaseSettings::read(fields),
            amqp: AmqpSettings::read(fields),
            vault: VaultSettings::read(fields),
            key_ring: KeyRingSettings::read(fields),
            connectors: ConnectorSettings::read(fields),
            callbacks: CallbackSettings::read(fields),
            cors: CorsSettings::read(fields),
            rate_limits: RateLimitSettings::read(fields),
            limits: LimitSettings::read(fields),
            log: LogSettings::read(fields),
            without_effect: Vec::new(),
        }
    }

    fn find_without_effect(&self, fields: &Fields) -> Vec<String> {
        let services = self.connectors.without_effect();
        let services = services
            .into_iter()
            .map(|section| format!("`{section}` is switched on, and this version does not use that service"));
        let poll_interval = AgentSettings::without_effect(fields);
        let amqp = self.amqp.as_ref().and_then(|amqp| amqp.without_effect(fields));
        services.chain(poll_interval).chain(amqp).collect()
    }

    fn validate(&self, fields: &mut Fields) {
        self.server.validate(fields);
        self.access.validate(fields, &self.server, self.oauth.is_some());
        if let Some(oauth) = &self.oauth {
            oauth.validate(fields, &self.server);
        }
        if let Some(service_jwt) = &self.service_jwt {
            service_jwt.validate(fields);
        }
        self.agents.validate(fields);
        self.key_ring.validate(fields, self.vault.as_ref());
        self.connectors.validate(fields);
        self.limits.validate(fields);
        self.log.validate(fields);
        if let Some(database) = &self.database {
            database.validate(fields);
        }
        if let Some(amqp) = &self.amqp {
            amqp.validate(fields);
        }
    }
}

#[cfg(test)]
mod tests;
