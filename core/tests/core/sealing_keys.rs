//! The keys of stored secrets: rotation while servers write, interrupted rotations, and starts with a missing key.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::api::{ApiClient, CreateApiClient};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use sqlx::PgPool;
use stacker::{
    config::{Settings, Sources},
    connectors::vault::{KeptKeyRing, KeyRingStore, StoreError},
    context::{Clock as _, Context, ManualClock, SystemRandom},
    crypto::KeyRing,
    db::{Pool, SEALED_COLUMNS},
    jobs::Jobs,
    services::{
        KeyRefresh, KeyRingSource, RetireError, Retired, Rotated, Rotation, RotationError, ServiceParts,
        Services, SignedRequest, Verified, Whose, forget_key, list_keys, open_everything, open_key_ring,
        retire_key,
    },
};
use tempfile::TempDir;

use crate::helpers::user;

const BODY: &[u8] = b"{}";

/// A server with its jobs, and a key ring of its own or a shared one.
struct Server {
    pool: Pool,
    services: Services,
    source: KeyRingSource,
    keyring: Arc<KeyRing>,
    clock: Arc<ManualClock>,
    jobs: Jobs,
}

impl Server {
    async fn start(pool: &Pool, source: KeyRingSource) -> anyhow::Result<Self> {
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
            provider: None,
            key_refresh: Some(refresh),
        });
        let jobs = Jobs::start(services.clone());
        Ok(Self { pool: pool.clone(), services, source, keyring, clock, jobs })
    }

    async fn stop(self) {
        self.jobs.finish().await;
    }

    /// Rotates like the console: with a separately loaded key ring.
    async fn rotate(&self) -> Result<Rotated, RotationError> {
        self.rotate_with_patience(Duration::from_secs(20)).await
    }

    async fn rotate_with_patience(&self, patience: Duration) -> Result<Rotated, RotationError> {
        let (pool, source, context) = (&self.pool, &self.source, self.services.context());
        let keyring = open_key_ring(pool, source, context, None).await?;
        Rotation { pool, source, keyring: &keyring, context, tell: &|_| (), patience }.run().await
    }

    async fn retire(&self, key: u32, now: bool) -> Result<Retired, RetireError> {
        let (pool, source, context) = (&self.pool, &self.source, self.services.context());
        let keyring = open_key_ring(pool, source, context, None).await?;
        retire_key(pool, source, &keyring, context, (key, now)).await
    }

    async fn client(&self) -> ApiClient {
        self.services.clients().create(&user("ada"), CreateApiClient::default()).await.unwrap()
    }

    async fn is_believed(&self, id: i32, secret: &str) -> bool {
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

    async fn listens(&self) {
        let listening = async {
            while !self.services.hub().is_listening() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), listening).await.unwrap();
    }
}

fn file(folder: &TempDir) -> KeyRingSource {
    KeyRingSource::File(keyring_of(folder.path()))
}

fn keyring_of(folder: &Path) -> PathBuf {
    folder.join("keyring")
}

async fn values(pool: &Pool, keyring: &KeyRing) -> BTreeMap<u32, i64> {
    let listed = list_keys(pool, keyring).await.unwrap();
    listed.into_iter().filter(|key| key.values > 0).map(|key| (key.id, key.values)).collect()
}

/// Writes values into every sealed column.
async fn fill(server: &Server, how_many: i32) {
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

#[sqlx::test(migrations = "../migrations")]
async fn no_column_that_may_be_sealed_is_forgotten_by_rotations(pool: PgPool) {
    let pool = Pool::from(&pool);
    let columns: Vec<String> = sqlx::query_scalar(
        "select table_name || '.' || column_name from information_schema.columns
         where table_schema = 'public' and table_name <> '_sqlx_migrations' and data_type = 'bytea'
            and column_name not like '%hash' and table_name || '.' || column_name <> 'sealing_key.proof'
         union
         select table_name || '.' || column_name from information_schema.columns
         where table_schema = 'public' and column_name like '%sealed%'
         order by 1",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let listed: Vec<String> = SEALED_COLUMNS.iter().map(|column| column.name()).collect();
    assert_eq!(columns, listed, "left: the schema; right: SEALED_COLUMNS in db/sealing/sealed_columns.rs");
}

#[sqlx::test(migrations = "../migrations")]
async fn keys_are_rotated_while_two_servers_write(pool: PgPool) {
    let pool = Pool::from(&pool);
    let folder = tempfile::tempdir().unwrap();
    let one = Server::start(&pool, file(&folder)).await.unwrap();
    let other = Server::start(&pool, file(&folder)).await.unwrap();
    one.listens().await;
    other.listens().await;
    fill(&one, 60).await;
    let mut secrets = BTreeMap::new();
    for _ in 0..10 {
        let client = one.client().await;
        secrets.insert(client.id, client.secret.unwrap());
    }
    let ids: Vec<i32> = secrets.keys().copied().collect();
    let (done, mut writes) = (AtomicBool::new(false), 0);
    let writing = async {
        for id in ids.iter().cycle() {
            if done.load(Ordering::SeqCst) {
                return;
            }
            let writer = if writes % 2 == 0 { &one } else { &other };
            let rotated = writer.services.clients().rotate(&user("ada"), Whose::Own, *id).await.unwrap();
            let secret = rotated.secret.unwrap();
            // Both servers can open each secret at once, whichever server wrote it and with whichever key.
            assert!(one.is_believed(*id, &secret).await && other.is_believed(*id, &secret).await);
            secrets.insert(*id, secret);
            writes += 1;
        }
    };
    let rotating = async {
        let rotated = one.rotate().await;
        done.store(true, Ordering::SeqCst);
        rotated.unwrap()
    };
    let (rotated, ()) = tokio::join!(rotating, writing);
    assert!(writes > 10, "{writes} writes");
    let Rotated::Done { key: 2, resealed, unreadable, left: 0, was_finished: false } = rotated else {
        panic!("{rotated:?}")
    };
    assert!(resealed >= 240 && unreadable.is_empty(), "{resealed} {unreadable:?}");
    assert_eq!(values(&pool, &one.keyring).await, BTreeMap::from([(2, 250)]));
    assert_eq!((one.keyring.active_key(), other.keyring.active_key()), (2, 2));

    // The old key seals nothing any more, so it can be removed.
    assert!(matches!(one.retire(1, false).await, Err(RetireError::TooEarly { .. })));
    for server in [&one, &other] {
        server.clock.advance(TimeDelta::minutes(16));
    }
    let early = one.retire(1, false).await;
    assert!(matches!(early, Ok(Retired::Done)), "{early:?}");
    let again = KeyRing::open_or_create(&keyring_of(folder.path()), &SystemRandom).unwrap();
    assert_eq!(again.fingerprints().into_keys().collect::<Vec<_>>(), [2]);
    for (id, secret) in &secrets {
        assert!(one.is_believed(*id, secret).await && other.is_believed(*id, secret).await);
    }
    let verified = open_everything(&pool, &again).await.unwrap();
    assert_eq!(verified, Verified { opened: 250, ..Verified::default() });
    let audited: Vec<String> =
        sqlx::query_scalar("select action from audit_log where action like 'key.%' order by action")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert_eq!(audited, ["key.resealed", "key.retired", "key.rotated"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_rotation_that_is_cut_short_is_finished_by_the_next(pool: PgPool) {
    let pool = Pool::from(&pool);
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&pool, file(&folder)).await.unwrap();
    server.listens().await;
    fill(&server, 120).await;
    for cut_after in [1, 30, 60, 90, 120, 160, 200, 300] {
        let cut = tokio::time::timeout(Duration::from_millis(cut_after), server.rotate()).await;
        // No value is lost at any moment.
        let keyring = KeyRing::open_or_create(&keyring_of(folder.path()), &SystemRandom).unwrap();
        let verified = open_everything(&pool, &keyring).await.unwrap();
        assert_eq!((verified.opened, verified.failed), (480, 0), "cut after {cut_after} ms");
        drop(cut);
    }
    let rotated = loop {
        match server.rotate().await {
            // The lock of the interrupted rotation is released when its connection closes.
            Err(RotationError::Busy) => tokio::time::sleep(Duration::from_millis(20)).await,
            rotated => break rotated.unwrap(),
        }
    };
    let Rotated::Done { key, left: 0, .. } = rotated else { panic!("{rotated:?}") };
    assert_eq!(values(&pool, &server.keyring).await, BTreeMap::from([(key, 480)]));
    for older in 1..key {
        server.retire(older, true).await.unwrap();
    }
    assert!(matches!(server.retire(key, true).await, Err(RetireError::Current(_))));
    assert!(matches!(server.retire(99, true).await, Err(RetireError::Unknown(99))));
}

/// Numeric and other ids alike: with more rows than one batch, each row is read once.
#[sqlx::test(migrations = "../migrations")]
async fn many_values_are_all_sealed_anew(pool: PgPool) {
    let pool = Pool::from(&pool);
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&pool, file(&folder)).await.unwrap();
    server.listens().await;
    let client = server.client().await;
    let column = SEALED_COLUMNS.iter().find(|column| column.table == "client").unwrap();
    let (mut ids, mut sealed) = (Vec::new(), Vec::new());
    for id in client.id + 1..client.id + 1500 {
        ids.push(id);
        sealed.push(server.keyring.seal(&SystemRandom, b"x", column.place(&id.to_string())).unwrap());
    }
    sqlx::query(
        "insert into client (id, user_id, user_name, secret, scope, is_hardened, created_at, updated_at)
         select n.id, 'bob', 'Bob', n.secret, 'read', false, now(), now()
         from unnest($1::integer[], $2::bytea[]) as n(id, secret)",
    )
    .bind(ids)
    .bind(sealed)
    .execute(&pool)
    .await
    .unwrap();
    let begun = std::time::Instant::now();
    let Rotated::Done { resealed: 1500, left: 0, .. } = server.rotate().await.unwrap() else {
        panic!("not all")
    };
    println!("1,500 values re-sealed in {:?}", begun.elapsed());
    let verified = open_everything(&pool, &server.keyring).await.unwrap();
    assert_eq!(verified, Verified { opened: 1500, ..Verified::default() });
}

#[sqlx::test(migrations = "../migrations")]
async fn no_key_seals_before_every_server_holds_it(pool: PgPool) {
    let pool = Pool::from(&pool);
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let one = Server::start(&pool, file(&folders[0])).await.unwrap();
    let copy = || std::fs::copy(keyring_of(folders[0].path()), keyring_of(folders[1].path())).unwrap();
    copy();
    let other = Server::start(&pool, file(&folders[1])).await.unwrap();
    one.listens().await;
    other.listens().await;
    fill(&one, 1).await;

    let refused = one.rotate_with_patience(Duration::from_millis(300)).await.unwrap_err();
    let told = refused.to_string();
    assert!(told.contains("(process ") && told.contains("lacks key 2"), "{told}");
    assert_eq!(values(&pool, &one.keyring).await, BTreeMap::from([(1, 4)]));
    // A server with the old key ring can still start.
    let third = Server::start(&pool, file(&folders[1])).await.unwrap();
    third.stop().await;

    copy();
    let Rotated::Done { key: 2, left: 0, .. } = one.rotate().await.unwrap() else { panic!("not done") };
    assert_eq!(other.keyring.active_key(), 2);
    // From now on no server starts without the new key.
    let without = KeyRing::parse(one.keyring.to_text().expose_secret().as_bytes()).unwrap();
    let without = without.without_key(2, 1).unwrap();
    let value = KeyRingSource::Value(without.to_text());
    let error = Server::start(&pool, value).await.err().unwrap();
    let told = format!("{error:#}");
    assert!(
        told.contains("STACKER_KEY_RING") && told.contains("key 2 (1 in agents.next_token_sealed"),
        "{told}"
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn a_key_that_some_value_needs_is_missed_at_the_start(pool: PgPool) {
    let pool = Pool::from(&pool);
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&pool, file(&folder)).await.unwrap();
    let lost = KeyRing::generate(&SystemRandom).with_new_key(9, &SystemRandom);
    let client = server.client().await;
    let place = SEALED_COLUMNS.iter().find(|column| column.table == "client").unwrap();
    let row = client.id.to_string();
    let sealed = lost.seal_with(9, &SystemRandom, b"x", place.place(&row)).unwrap();
    sqlx::query("update client set secret = $1").bind(sealed).execute(&pool).await.unwrap();

    let error = Server::start(&pool, file(&folder)).await.err().unwrap();
    let told = format!("{error:#}");
    assert!(told.contains("key 9 (1 in client.secret)") && told.contains("keyring"), "{told}");

    // A missing key ring is not replaced by a new one.
    std::fs::rename(keyring_of(folder.path()), folder.path().join("aside")).unwrap();
    let error = Server::start(&pool, file(&folder)).await.err().unwrap();
    assert!(format!("{error:#}").contains("console keys forget 1"), "{error:#}");
    assert!(!keyring_of(folder.path()).exists());
}

#[sqlx::test(migrations = "../migrations")]
async fn what_a_lost_key_has_sealed_is_given_up_and_does_not_stand_in_the_way(pool: PgPool) {
    let pool = Pool::from(&pool);
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let first = Server::start(&pool, file(&folders[0])).await.unwrap();
    fill(&first, 2).await;
    assert!(forget_key(&pool, first.services.context(), 1).await.unwrap());
    assert!(!forget_key(&pool, first.services.context(), 1).await.unwrap());
    first.stop().await;

    let second = Server::start(&pool, file(&folders[1])).await.unwrap();
    second.listens().await;
    let client = second.client().await;
    let Rotated::Done { key: 2, resealed: 1, unreadable, left: 8, .. } = second.rotate().await.unwrap()
    else {
        panic!("not done")
    };
    assert_eq!(unreadable.len(), 8);
    let Rotated::Done { key: 3, .. } = second.rotate().await.unwrap() else { panic!("no third key") };
    assert!(second.is_believed(client.id, &client.secret.unwrap()).await);
    let verified = open_everything(&pool, &second.keyring).await.unwrap();
    assert_eq!((verified.opened, verified.given_up, verified.failed), (1, 8, 0));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_ring_in_a_variable_is_changed_by_whoever_sets_it(pool: PgPool) {
    let pool = Pool::from(&pool);
    let ring = KeyRing::generate(&SystemRandom).to_text();
    let server = Server::start(&pool, KeyRingSource::Value(ring)).await.unwrap();
    let client = server.client().await;
    let Rotated::PutThere { key: 2, ring } = server.rotate().await.unwrap() else { panic!("not told") };
    server.stop().await;

    let again = Server::start(&pool, KeyRingSource::Value(ring)).await.unwrap();
    again.listens().await;
    let Rotated::Done { key: 2, resealed: 1, left: 0, .. } = again.rotate().await.unwrap() else {
        panic!("not done")
    };
    let Retired::PutThere(ring) = again.retire(1, true).await.unwrap() else { panic!("not told") };
    let last = Server::start(&pool, KeyRingSource::Value(ring)).await.unwrap();
    assert!(last.is_believed(client.id, &client.secret.unwrap()).await);
}

/// Stores the key ring like Vault's KV version 2.
#[derive(Debug, Default)]
struct Kept(Mutex<(u64, Option<SecretString>)>);

#[async_trait]
impl KeyRingStore for Kept {
    fn place(&self) -> &str {
        "secret/ring"
    }

    async fn read(&self) -> Result<KeptKeyRing, StoreError> {
        let kept = self.0.lock().unwrap();
        let text = kept.1.clone().ok_or(StoreError::NotFound)?;
        Ok(KeptKeyRing { text: Some(text), version: Some(kept.0) })
    }

    async fn write(&self, text: &SecretString, upon: Option<u64>) -> Result<(), StoreError> {
        let mut kept = self.0.lock().unwrap();
        if upon != Some(kept.0) {
            return Err(StoreError::Refused("status 400".to_owned()));
        }
        *kept = (kept.0 + 1, Some(text.clone()));
        Ok(())
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_ring_in_vault_is_made_agreed_on_and_rotated_there(pool: PgPool) {
    let pool = Pool::from(&pool);
    let kept = Arc::new(Kept::default());
    let source = || KeyRingSource::Vault(kept.clone());
    let (one, other) =
        (Server::start(&pool, source()).await.unwrap(), Server::start(&pool, source()).await.unwrap());
    one.listens().await;
    other.listens().await;
    let client = one.client().await;
    let Rotated::Done { key: 2, left: 0, .. } = one.rotate().await.unwrap() else { panic!("not done") };
    one.retire(1, true).await.unwrap();
    let secret = client.secret.unwrap();
    assert!(one.is_believed(client.id, &secret).await && other.is_believed(client.id, &secret).await);
    let text = kept.0.lock().unwrap().1.clone().unwrap();
    let ring = KeyRing::parse(text.expose_secret().as_bytes()).unwrap();
    assert_eq!((ring.active_key(), ring.fingerprints().len()), (2, 1));

    *kept.0.lock().unwrap() = (9, Some("hunter2".into()));
    let error = format!("{:#}", Server::start(&pool, source()).await.err().unwrap());
    assert!(error.contains("secret/ring does not hold a key ring") && !error.contains("hunter2"), "{error}");
}

/// If the source is unavailable or has lost a key, a running server keeps its keys.
#[sqlx::test(migrations = "../migrations")]
async fn a_server_keeps_the_keys_that_values_need(pool: PgPool) {
    let pool = Pool::from(&pool);
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&pool, file(&folder)).await.unwrap();
    server.listens().await;
    let client = server.client().await;
    let context = server.services.context().clone();
    let refresh = KeyRefresh::new(server.source.clone(), &context);
    let path = keyring_of(folder.path());
    for replacement in [
        None,
        Some("hunter2".to_owned()),
        Some(KeyRing::generate(&SystemRandom).to_text().expose_secret().to_owned()),
    ] {
        match replacement {
            None => std::fs::remove_file(&path).unwrap(),
            Some(text) => std::fs::write(&path, text).unwrap(),
        }
        if path.exists() {
            std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        }
        refresh.run(&pool, &server.keyring, &context).await.unwrap();
        assert!(server.is_believed(client.id, client.secret.as_deref().unwrap()).await);
    }
}
