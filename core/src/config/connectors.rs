//! `connectors`: external services. A service without a section is off.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::{
    fields::{Fields, Key},
    marketplace_webhook::MarketplaceWebhookSettings,
    registries::ImageLookUpSettings,
    user_service::UserServiceSettings,
    values::{BOOLEAN, boolean, http_url, number, positive, redis_url, secret, text},
};
use crate::connectors::cloud_api::CloudApiSettings;

pub(super) const SECONDS: &str = "a number of seconds, 1 or more";
pub(super) const RETRIES: &str = "a number, 0 or more";
pub(super) const ADDRESS: &str = "an address like https://service.example.com";

const MAX_RETRIES: u32 = 10;
const MAX_PAGE_SIZE: u32 = 100;

#[derive(Clone, Debug)]
pub struct ConnectorSettings {
    pub user_service: UserServiceSettings,
    pub marketplace_webhook: MarketplaceWebhookSettings,
    pub payment_service: ServiceSettings,
    pub events: ServiceSettings,
    pub dockerhub_service: DockerHubSettings,
    pub cloud_api: CloudApiSettings,
    pub registry: ImageLookUpSettings,
}

/// An external service that is called over HTTP.
#[derive(Clone, Debug)]
pub struct ServiceSettings {
    pub enabled: bool,
    pub base_url: Option<Url>,
    pub timeout: Duration,
    pub retry_attempts: u32,
    /// The token that the server authenticates with.
    pub auth_token: Option<SecretString>,
}

#[derive(Clone, Debug)]
pub struct DockerHubSettings {
    pub enabled: bool,
    pub base_url: Option<Url>,
    pub timeout: Duration,
    pub retry_attempts: u32,
    pub page_size: u32,
    /// `None`: answers are cached in memory.
    pub redis_url: Option<SecretString>,
    pub cache_ttl_namespaces: Duration,
    pub cache_ttl_repositories: Duration,
    pub cache_ttl_tags: Duration,
    pub username: Option<String>,
    pub personal_access_token: Option<SecretString>,
}

/// The keys of one service's settings.
pub(super) struct ServiceKeys {
    pub section: &'static str,
    pub enabled: Key,
    pub base_url: Key,
    pub timeout: Key,
    pub retries: Key,
    pub token: Option<Key>,
    pub default_url: Option<&'static str>,
}

const PAYMENT_SERVICE: ServiceKeys = ServiceKeys {
    section: "connectors.payment_service",
    enabled: Key::new("connectors.payment_service.enabled", BOOLEAN),
    base_url: Key::new("connectors.payment_service.base_url", ADDRESS),
    timeout: Key::new("connectors.payment_service.timeout_secs", SECONDS),
    retries: Key::new("connectors.payment_service.retry_attempts", RETRIES),
    token: None,
    default_url: None,
};

const EVENTS: ServiceKeys = ServiceKeys {
    section: "connectors.events",
    enabled: Key::new("connectors.events.enabled", BOOLEAN),
    base_url: Key::new("connectors.events.base_url", ADDRESS),
    timeout: Key::new("connectors.events.timeout_secs", SECONDS),
    retries: Key::new("connectors.events.retry_attempts", RETRIES),
    token: None,
    default_url: None,
};

const DOCKERHUB: ServiceKeys = ServiceKeys {
    section: "connectors.dockerhub_service",
    enabled: Key::new("connectors.dockerhub_service.enabled", BOOLEAN),
    base_url: Key::new("connectors.dockerhub_service.base_url", ADDRESS),
    timeout: Key::new("connectors.dockerhub_service.timeout_secs", SECONDS),
    retries: Key::new("connectors.dockerhub_service.retry_attempts", RETRIES),
    token: Some(
        Key::new("connectors.dockerhub_service.personal_access_token", "a token of Docker Hub")
            .or_fallbacks(&["DOCKERHUB_TOKEN"])
            .secret(),
    ),
    default_url: Some("https://hub.docker.com"),
};

const PAGE_SIZE: Key = Key::new("connectors.dockerhub_service.page_size", "a number, 1 to 100");
const REDIS_URL: Key = Key::new(
    "connectors.dockerhub_service.redis_url",
    "an address like redis://127.0.0.1/0 or unix:///run/redis.sock",
)
.or_fallbacks(&["DOCKERHUB_REDIS_URL", "REDIS_URL"])
.secret();
const TTL_NAMESPACES: Key = Key::new("connectors.dockerhub_service.cache_ttl_namespaces_secs", SECONDS);
const TTL_REPOSITORIES: Key = Key::new("connectors.dockerhub_service.cache_ttl_repositories_secs", SECONDS);
const TTL_TAGS: Key = Key::new("connectors.dockerhub_service.cache_ttl_tags_secs", SECONDS);
const DOCKERHUB_USERNAME: Key = Key::new("connectors.dockerhub_service.username", "a name at Docker Hub")
    .or_fallbacks(&["DOCKERHUB_USERNAME"]);

const CLOUD_API: &str = "connectors.cloud_api";
const HETZNER: Key = Key::new("connectors.cloud_api.hetzner_url", ADDRESS);
const DIGITAL_OCEAN: Key = Key::new("connectors.cloud_api.digitalocean_url", ADDRESS);
const LINODE: Key = Key::new("connectors.cloud_api.linode_url", ADDRESS);
const VULTR: Key = Key::new("connectors.cloud_api.vultr_url", ADDRESS);
const CLOUD_API_TIMEOUT: Key = Key::new("connectors.cloud_api.timeout_secs", SECONDS);

impl ConnectorSettings {
    /// The services that are switched on although this version does not use them.
    pub(super) fn without_effect(&self) -> Vec<&'static str> {
        let services = [(&self.payment_service, PAYMENT_SERVICE.section), (&self.events, EVENTS.section)];
        services.into_iter().filter(|(settings, _)| settings.enabled).map(|(_, section)| section).collect()
    }

    pub(super) fn read(fields: &mut Fields) -> Self {
        // Docker Hub is on if `connectors` is not set at all; if `connectors` is set, it must be enabled there like every other
        // service.
        let nothing_said = !fields.has_section("connectors", &[]);
        fields.ignore_empty_section("connectors");
        Self {
            user_service: UserServiceSettings::read(fields),
            marketplace_webhook: MarketplaceWebhookSettings::read(fields),
            payment_service: PAYMENT_SERVICE.read(fields, false),
            events: EVENTS.read(fields, false),
            dockerhub_service: DockerHubSettings::read(fields, nothing_said),
            cloud_api: cloud_api(fields),
            registry: ImageLookUpSettings::read(fields),
        }
    }

    pub(super) fn validate(&self, fields: &mut Fields) {
        self.user_service.validate(fields);
        let services = [(&self.payment_service, &PAYMENT_SERVICE), (&self.events, &EVENTS)];
        for (settings, keys) in services {
            keys.validate(fields, settings);
        }
        let hub = &self.dockerhub_service;
        too_many_retries(fields, "connectors.dockerhub_service.retry_attempts", hub.retry_attempts);
        if hub.page_size > MAX_PAGE_SIZE {
            let message = format!("is {}, expected 1 to {MAX_PAGE_SIZE}", hub.page_size);
            fields.contradiction("connectors.dockerhub_service.page_size", message);
        }
        if hub.username.is_some() != hub.personal_access_token.is_some() {
            let message = "and `personal_access_token` go together: set both or none";
            fields.contradiction("connectors.dockerhub_service.username", message);
        }
    }
}

fn cloud_api(fields: &mut Fields) -> CloudApiSettings {
    fields.ignore_empty_section(CLOUD_API);
    let defaults = CloudApiSettings::default();
    CloudApiSettings {
        hetzner: fields.read(HETZNER, http_url),
        digital_ocean: fields.read(DIGITAL_OCEAN, http_url),
        linode: fields.read(LINODE, http_url),
        vultr: fields.read(VULTR, http_url),
        timeout: fields.read(CLOUD_API_TIMEOUT, positive).map_or(defaults.timeout, Duration::from_secs),
    }
}

impl ServiceKeys {
    pub fn read(&self, fields: &mut Fields, enabled: bool) -> ServiceSettings {
        fields.ignore_empty_section(self.section);
        ServiceSettings {
            enabled: fields.read(self.enabled, boolean).unwrap_or(enabled),
            base_url: fields.read(self.base_url, http_url).or_else(|| self.default_url.and_then(http_url)),
            timeout: Duration::from_secs(fields.read(self.timeout, positive).unwrap_or(10)),
            retry_attempts: fields.read(self.retries, number).unwrap_or(3),
            auth_token: self.token.and_then(|key| fields.read(key, secret)),
        }
    }

    pub fn validate(&self, fields: &mut Fields, settings: &ServiceSettings) {
        too_many_retries(fields, self.retries.name(), settings.retry_attempts);
        if settings.enabled && settings.base_url.is_none() {
            fields.contradiction(
                self.base_url.name(),
                format!("is missing, and `{}` is true", self.enabled.name()),
            );
        }
    }
}

impl DockerHubSettings {
    fn read(fields: &mut Fields, enabled: bool) -> Self {
        let service = DOCKERHUB.read(fields, enabled);
        let mut ttl = |key, default| Duration::from_secs(fields.read(key, positive).unwrap_or(default));
        let cache_ttl_namespaces = ttl(TTL_NAMESPACES, 86_400);
        let cache_ttl_repositories = ttl(TTL_REPOSITORIES, 21_600);
        let cache_ttl_tags = ttl(TTL_TAGS, 3_600);
        Self {
            enabled: service.enabled,
            base_url: service.base_url,
            timeout: service.timeout,
            retry_attempts: service.retry_attempts,
            page_size: fields.read(PAGE_SIZE, positive).unwrap_or(50),
            redis_url: fields.read(REDIS_URL, redis_url),
            cache_ttl_namespaces,
            cache_ttl_repositories,
            cache_ttl_tags,
            username: fields.read(DOCKERHUB_USERNAME, text),
            personal_access_token: service.auth_token,
        }
    }
}

fn too_many_retries(fields: &mut Fields, key: &'static str, retries: u32) {
    if retries > MAX_RETRIES {
        fields.contradiction(key, format!("is {retries}, expected {MAX_RETRIES} at most"));
    }
}
