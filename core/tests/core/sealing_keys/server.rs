//! A server with its jobs, and what its tests seal.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use domain::api::{ApiClient, CreateApiClient};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use stacker::{
    config::{Settings, Sources},
    connectors::{
        callback::FakeCallbackSender, cloud_api::FakeCloudApi, docker_hub::NoDockerHub, registry::NoRegistry,
        user_service::NoUserService,
    },
    context::{Clock as _, Context, ManualClock, SystemRandom},
    crypto::KeyRing,
    db::{Pool, SEALED_COLUMNS},
    jobs::Jobs,
    services::{
        KeyRefresh, KeyRingSource, RetireError, Retired, Rotated, Rotation, RotationError, ServiceParts,
        Services, SignedRequest, list_keys, open_key_ring, retire_key,
    },
};
use tempfile::TempDir;

use crate::helpers::user;

const BODY: &[u8] = b"{}";

/// A server with its jobs, and a key ring of its own or a shared one.
pub struct Server {
    pub pool: Pool,
    pub services: Services,
    pub source: KeyRingSource,
    pub keyring: Arc<KeyRing>,
    pub clock: Arc<ManualClock>,
    jobs: Jobs,
}

impl Server {
    pub async fn start(pool: &Pool, source: KeyRingSource) -> anyhow::Result<Self> {
        let clock = Arc::new(ManualClock::default());
        let context = Context { clock: clock.clone(), random: Arc::new(SystemRandom) };
        let refresh = KeyRefresh::new(source.clone(), &context);
        let keyring = open_key_ring(pool, &source, &context, Some(&refresh)).await?;
        let sources = Sources::default().with_text("configuration.yaml", "max_clients_number: 1000");
        let settings = Settings::load(&sources).unwrap();
        let services = Services::new(ServiceParts {
            pool: pool.clone(),
            settings: &settings,
            keyring: keyring.clone(),
            context,
            vault: None,
            broker: None,
            consumer: None,
            cloud_api: Arc::new(FakeCloudApi::default()),
            registry: Arc::new(NoRegistry),
            docker_hub: Arc::new(NoDockerHub),
            callback_sender: Arc::new(FakeCallbackSender::default()),
            user_service: Arc::new(NoUserService),
            marketplace_webhook: None,
            provider: None,
            key_refresh: Some(refresh),
        });
        let jobs = Jobs::start(services.clone());
        Ok(Self { pool: pool.clone(), services, source, keyring, clock, jobs })
    }

    /// At the end of each test: the connections of the jobs would delay the removal of its database by five seconds.
    pub async fn stop(self) {
        self.jobs.finish().await;
    }

    /// Rotates like the console: with a separately loaded key ring.
    pub async fn rotate(&self) -> Result<Rotated, RotationError> {
        self.rotate_with_patience(Duration::from_secs(20)).await
    }

    pub async fn rotate_with_patience(&self, patience: Duration) -> Result<Rotated, RotationError> {
        let (pool, source, context) = (&self.pool, &self.source, self.services.context());
        let keyring = open_key_ring(pool, source, context, None).await?;
        Rotation { pool, source, keyring: &keyring, context, tell: &|_| (), patience }.run().await
    }

    pub async fn retire(&self, key: u32, now: bool) -> Result<Retired, RetireError> {
        let (pool, source, context) = (&self.pool, &self.source, self.services.context());
        let keyring = open_key_ring(pool, source, context, None).await?;
        retire_key(pool, source, &keyring, context, (key, now)).await
    }

    pub async fn client(&self) -> ApiClient {
        self.services.clients().create(&user("ada"), CreateApiClient::default()).await.unwrap()
    }

    pub async fn is_believed(&self, id: i32, secret: &str) -> bool {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(BODY);
        let hash = hex::encode(mac.finalize().into_bytes());
        let (method, path) = ("POST", "/project");
        let request = SignedRequest {
            client: id,
            hash: &hash,
            timestamp: None,
            nonce: None,
            method,
            path,
            body: BODY,
            address: None,
        };
        self.services.clients().authenticate(&request).await.is_ok()
    }

    pub async fn listens(&self) {
        let listening = async {
            while !self.services.hub().is_listening() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), listening).await.unwrap();
    }
}

pub fn file(folder: &TempDir) -> KeyRingSource {
    KeyRingSource::File(keyring_of(folder.path()))
}

pub fn keyring_of(folder: &Path) -> PathBuf {
    folder.join("keyring")
}

pub async fn values(pool: &Pool, keyring: &KeyRing) -> BTreeMap<u32, i64> {
    let listed = list_keys(pool, keyring).await.unwrap();
    listed.into_iter().filter(|key| key.values > 0).map(|key| (key.id, key.values)).collect()
}

/// Writes values into every sealed column.
pub async fn fill(server: &Server, how_many: i32) {
    for n in 0..how_many {
        server.client().await;
        let now = server.clock.now();
        let sealed = |table: &'static str, id: &str| {
            let column = SEALED_COLUMNS.iter().find(|column| column.table == table).unwrap();
            server.keyring.seal(&SystemRandom, format!("secret {n}").as_bytes(), column.place(id)).unwrap()
        };
        let id = server.services.context().random.uuid_v4();
        sqlx::query("insert into outbox (id, destination, subject, payload_sealed, next_attempt_at, created_at) values ($1, 'nobody', $2, $3, $4, $4)")
            .bind(id).bind(id.to_string()).bind(sealed("outbox", &id.to_string())).bind(now)
            .execute(&server.pool).await.unwrap();
        sqlx::query("insert into agents (id, channel, token_hash, next_token_sealed, created_at, updated_at) values ($1, $2, sha256($3), $3, $4, $4)")
            .bind(id).bind(id.to_string()).bind(sealed("agents", &id.to_string())).bind(now)
            .execute(&server.pool).await.unwrap();
        sqlx::query("insert into session (token_hash, id, user_id, role, name, provider_tokens, created_at, expires_at) values (sha256($2), $1, 'ada', 'group_user', 'Ada', $2, $3, $3)")
            .bind(id).bind(sealed("session", &id.to_string())).bind(now)
            .execute(&server.pool).await.unwrap();
    }
}
