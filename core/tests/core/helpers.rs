//! Services on the database of a test, with a manual clock and repeatable randomness.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use domain::access::{Caller, Role};
use sqlx::PgPool;
use stacker::{
    config::{Settings, Sources},
    connectors::{
        broker::Broker,
        callback::{CallbackSender, FakeCallbackSender},
        cloud_api::{CloudApi, FakeCloudApi},
        docker_hub::{DockerHub, NoDockerHub},
        marketplace_webhook::MarketplaceWebhook,
        oauth::IdentityProvider,
        registry::{NoRegistry, Registry},
        user_service::{NoUserService, UserService},
        vault::SecretStore,
    },
    context::{Context, ManualClock, SeededRandom, SystemRandom},
    crypto::KeyRing,
    db::Pool,
    services::{ServiceParts, Services},
};

pub struct World {
    pub services: Services,
    pub clock: Arc<ManualClock>,
    pub pool: Pool,
    keyring: Arc<KeyRing>,
}

/// The dependencies that a test can replace.
struct Outside {
    clock: Arc<ManualClock>,
    vault: Option<Arc<dyn SecretStore>>,
    broker: Option<Arc<dyn Broker>>,
    cloud_api: Arc<dyn CloudApi>,
    registry: Arc<dyn Registry>,
    docker_hub: Arc<dyn DockerHub>,
    callback_sender: Arc<dyn CallbackSender>,
    user_service: Arc<dyn UserService>,
    marketplace_webhook: Option<Arc<dyn MarketplaceWebhook>>,
    provider: Option<Arc<dyn IdentityProvider>>,
    keyring: Option<Arc<KeyRing>>,
    /// `None`: another one for each world, because the random values of two servers on one database must differ.
    seed: Option<u64>,
}

impl Default for Outside {
    fn default() -> Self {
        Self {
            clock: Arc::default(),
            vault: None,
            broker: None,
            cloud_api: Arc::new(FakeCloudApi::default()),
            registry: Arc::new(NoRegistry),
            docker_hub: Arc::new(NoDockerHub),
            callback_sender: Arc::new(FakeCallbackSender::default()),
            user_service: Arc::new(NoUserService),
            marketplace_webhook: None,
            provider: None,
            keyring: None,
            seed: None,
        }
    }
}

impl World {
    pub fn of(pool: PgPool) -> Self {
        Self::with(pool, "")
    }

    /// Services configured by this `configuration.yaml`.
    pub fn with(pool: PgPool, configuration: &str) -> Self {
        let sources = Sources::default().with_text("configuration.yaml", configuration);
        Self::at(Pool::from(&pool), &sources, Outside::default())
    }

    /// Services with a vault that agent tokens are copied to.
    pub fn with_vault(pool: PgPool, vault: Arc<dyn SecretStore>) -> Self {
        Self::at(Pool::from(&pool), &Sources::default(), Outside { vault: Some(vault), ..Outside::default() })
    }

    /// Services with a sign-in provider that is asked to confirm sessions every five minutes.
    pub fn with_provider(pool: PgPool, provider: Arc<dyn IdentityProvider>) -> Self {
        Self::with_provider_and_users(pool, provider, Arc::new(NoUserService))
    }

    /// The same with a User Service, which knows people by the tokens of the provider.
    pub fn with_provider_and_users(
        pool: PgPool,
        provider: Arc<dyn IdentityProvider>,
        user_service: Arc<dyn UserService>,
    ) -> Self {
        let configuration = "oauth:\n  client_id: stacker\n  issuer: https://accounts.example\n";
        let sources = Sources::default().with_text("configuration.yaml", configuration);
        let outside = Outside { provider: Some(provider), user_service, ..Outside::default() };
        Self::at(Pool::from(&pool), &sources, outside)
    }

    /// Services with a message broker and the APIs of cloud providers.
    pub fn with_clouds(pool: PgPool, broker: Arc<dyn Broker>, cloud_api: Arc<dyn CloudApi>) -> Self {
        let sources = Sources::default().with_text("configuration.yaml", "amqp:\n  max_attempts: 3\n");
        let outside = Outside { broker: Some(broker), cloud_api, ..Outside::default() };
        Self::at(Pool::from(&pool), &sources, outside)
    }

    /// Like [`Self::with_clouds`], and ids are the same in every run.
    pub fn with_repeatable_ids(pool: PgPool, broker: Arc<dyn Broker>) -> Self {
        let outside = Outside { broker: Some(broker), seed: Some(1), ..Outside::default() };
        Self::at(Pool::from(&pool), &Sources::default(), outside)
    }

    /// Services with this broker, which never give up a message that waits.
    pub fn with_broker(pool: PgPool, broker: Arc<dyn Broker>) -> Self {
        let outside = Outside { broker: Some(broker), ..Outside::default() };
        Self::at(Pool::from(&pool), &Sources::default(), outside)
    }

    /// The same server after its process was killed: what it held in memory is gone.
    pub fn killed_and_restarted(&self, broker: Arc<dyn Broker>) -> Self {
        let outside = Outside {
            clock: self.clock.clone(),
            broker: Some(broker),
            keyring: Some(self.keyring.clone()),
            ..Outside::default()
        };
        Self::at(self.pool.clone(), &Sources::default(), outside)
    }

    /// Services with registries and Docker Hub, and with a message broker.
    pub fn with_images(
        pool: PgPool,
        registry: Arc<dyn Registry>,
        docker_hub: Arc<dyn DockerHub>,
        broker: Arc<dyn Broker>,
    ) -> Self {
        let outside = Outside { broker: Some(broker), registry, docker_hub, ..Outside::default() };
        Self::at(Pool::from(&pool), &Sources::default(), outside)
    }

    /// Services that send callbacks with this sender.
    pub fn with_callbacks(pool: PgPool, callback_sender: Arc<dyn CallbackSender>) -> Self {
        let outside = Outside { callback_sender, ..Outside::default() };
        Self::at(Pool::from(&pool), &Sources::default(), outside)
    }

    /// Another server on the same database, with the same clock, that sends callbacks with this sender. It
    /// shares the key ring, because both sign with the same secrets.
    pub fn twin_with_callbacks(&self, callback_sender: Arc<dyn CallbackSender>) -> Self {
        let outside = Outside {
            clock: self.clock.clone(),
            callback_sender,
            keyring: Some(self.keyring.clone()),
            ..Outside::default()
        };
        Self::at(self.pool.clone(), &Sources::default(), outside)
    }

    /// Services with a User Service, and with a message broker.
    pub fn with_user_service(
        pool: PgPool,
        user_service: Arc<dyn UserService>,
        broker: Arc<dyn Broker>,
    ) -> Self {
        let outside = Outside { broker: Some(broker), user_service, ..Outside::default() };
        Self::at(Pool::from(&pool), &Sources::default(), outside)
    }

    /// Services that tell a User Service about templates.
    pub fn with_marketplace_webhook(pool: PgPool, webhook: Arc<dyn MarketplaceWebhook>) -> Self {
        let outside = Outside { marketplace_webhook: Some(webhook), ..Outside::default() };
        Self::at(Pool::from(&pool), &Sources::default(), outside)
    }

    /// Another server on the same database, with the same clock.
    pub fn twin(&self) -> Self {
        let outside = Outside { clock: self.clock.clone(), ..Outside::default() };
        Self::at(self.pool.clone(), &Sources::default(), outside)
    }

    fn at(pool: Pool, sources: &Sources, outside: Outside) -> Self {
        let Outside {
            clock,
            vault,
            broker,
            cloud_api,
            registry,
            docker_hub,
            callback_sender,
            user_service,
            marketplace_webhook,
            provider,
            keyring,
            seed,
        } = outside;
        let settings = Settings::load(sources).unwrap();
        static SEED: AtomicU64 = AtomicU64::new(1);
        let random = SeededRandom::new(seed.unwrap_or_else(|| SEED.fetch_add(1, Ordering::SeqCst)));
        let keyring = keyring.unwrap_or_else(key_ring);
        let context = Context { clock: clock.clone(), random: Arc::new(random) };
        let services = Services::new(ServiceParts {
            pool: pool.clone(),
            settings: &settings,
            keyring: keyring.clone(),
            context,
            vault,
            broker,
            consumer: None,
            cloud_api,
            registry,
            docker_hub,
            callback_sender,
            user_service,
            marketplace_webhook,
            provider,
            key_refresh: None,
        });
        Self { services, clock, pool, keyring }
    }
}

fn key_ring() -> Arc<KeyRing> {
    let folder = tempfile::tempdir().unwrap();
    Arc::new(KeyRing::open_or_create(&folder.path().join("keyring"), &SystemRandom).unwrap())
}

pub fn user(id: &str) -> Caller {
    caller(id, Role::GroupUser)
}

pub fn admin() -> Caller {
    caller("admin", Role::GroupAdmin)
}

pub fn caller(id: &str, role: Role) -> Caller {
    Caller::new(id, role, format!("User {id}"), None)
}
