//! A real Redis, on a socket of its own.

use std::{
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use secrecy::SecretString;
use tempfile::TempDir;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::{Layer, layer::Context, layer::SubscriberExt as _};

use super::*;

struct Redis {
    folder: TempDir,
    process: Child,
}

impl Redis {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let process = run(&folder);
        Self { folder, process }
    }

    fn url(&self) -> SecretString {
        SecretString::from(format!("unix:{}", socket(&self.folder).display()))
    }

    fn stop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    fn start_again(&mut self) {
        self.process = run(&self.folder);
    }

    /// Without going through the cache.
    async fn ask(&self, words: &[&str]) -> ::redis::Value {
        use secrecy::ExposeSecret as _;
        let client = ::redis::Client::open(self.url().expose_secret()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let mut command = ::redis::Cmd::new();
        for word in words {
            command.arg(*word);
        }
        command.query_async(&mut connection).await.unwrap()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn socket(folder: &TempDir) -> PathBuf {
    folder.path().join("redis.sock")
}

/// Returns once it answers.
fn run(folder: &TempDir) -> Child {
    drop(std::fs::remove_file(socket(folder)));
    let mut process = Command::new("redis-server")
        .args(["--port", "0", "--save", "", "--appendonly", "no", "--daemonize", "no", "--logfile", ""])
        .arg("--dir")
        .arg(folder.path())
        .arg("--unixsocket")
        .arg(socket(folder))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("redis-server, which scripts/setup/debian-packages.sh test installs");
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let ready = lines.any(|line| line.unwrap().contains("ready to accept connections"));
    assert!(ready, "Redis ended before it was ready");
    // Somebody has to read what else it writes.
    std::thread::spawn(move || lines.for_each(drop));
    process
}

fn client(server: &MockServer, cache: RedisCache) -> DockerHubClient {
    DockerHubClient::new(BrowseSettings { attempts: 1, ..settings(server) }, Arc::new(cache)).unwrap()
}

/// Counts warnings of this thread.
#[derive(Clone, Default)]
struct Warnings(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Warnings {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() == Level::WARN {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[tokio::test]
async fn servers_share_what_one_of_them_asked_for() {
    let (server, redis) = (MockServer::start().await, Redis::start());
    Mock::given(method("GET")).respond_with(ok(found())).expect(1).mount(&server).await;
    for _ in 0..2 {
        let client = client(&server, RedisCache::new(&redis.url()).unwrap());
        assert_eq!(client.namespaces(Some("shop")).await.unwrap()[0].name, "acme");
    }
    let ::redis::Value::Int(ttl) = redis.ask(&["TTL", "dockerhub:namespaces:shop"]).await else { panic!() };
    assert!((86_390..=86_400).contains(&ttl), "{ttl}");
}

#[tokio::test]
async fn what_our_account_was_given_stays_in_this_process() {
    let (server, redis) = (MockServer::start().await, Redis::start());
    Mock::given(method("GET")).respond_with(ok(found())).expect(1).mount(&server).await;
    let settings = BrowseSettings { personal_access_token: Some("hunter2".into()), ..settings(&server) };
    let cache = RedisCache::new(&redis.url()).unwrap();
    let client = DockerHubClient::new(settings, Arc::new(cache)).unwrap();
    for _ in 0..2 {
        assert_eq!(client.namespaces(None).await.unwrap().len(), 1);
    }
    assert_eq!(redis.ask(&["DBSIZE"]).await, ::redis::Value::Int(0));
}

#[tokio::test]
async fn when_redis_is_down_this_process_remembers_and_warns_once() {
    let warnings = Warnings::default();
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(warnings.clone()));
    let (server, mut redis) = (MockServer::start().await, Redis::start());
    Mock::given(method("GET")).respond_with(ok(found())).expect(2).mount(&server).await;
    let client = client(&server, RedisCache::pausing(&redis.url(), Duration::ZERO).unwrap());
    client.namespaces(Some("before")).await.unwrap();
    redis.stop();
    for _ in 0..3 {
        client.namespaces(Some("before")).await.unwrap();
        client.namespaces(Some("during")).await.unwrap();
    }
    assert_eq!(warnings.0.load(Ordering::SeqCst), 1);
    assert!(format!("{client:?}").contains("DownUntil"));
}

#[tokio::test]
async fn redis_that_comes_back_is_used_again() {
    let (server, mut redis) = (MockServer::start().await, Redis::start());
    Mock::given(method("GET")).respond_with(ok(found())).mount(&server).await;
    let client = client(&server, RedisCache::pausing(&redis.url(), Duration::ZERO).unwrap());
    redis.stop();
    client.namespaces(Some("during")).await.unwrap();
    redis.start_again();
    // The first question finds the lost connection, and a new one is made behind it.
    let kept = async {
        for round in 0.. {
            client.namespaces(Some(&format!("after {round}"))).await.unwrap();
            if redis.ask(&["DBSIZE"]).await != ::redis::Value::Int(0) {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), kept).await.unwrap();
    assert!(format!("{client:?}").contains("Up"));
}

#[tokio::test]
async fn redis_that_is_left_alone_is_not_waited_for() {
    let (server, mut redis) = (MockServer::start().await, Redis::start());
    Mock::given(method("GET")).respond_with(ok(found())).expect(1).mount(&server).await;
    let client = client(&server, RedisCache::new(&redis.url()).unwrap());
    redis.stop();
    client.namespaces(None).await.unwrap();
    redis.start_again();
    client.namespaces(None).await.unwrap();
    assert_eq!(redis.ask(&["DBSIZE"]).await, ::redis::Value::Int(0), "the pause is not over");
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_is_asked_for_again() {
    let (server, redis) = (MockServer::start().await, Redis::start());
    Mock::given(method("GET")).respond_with(ok(found())).expect(1).mount(&server).await;
    redis.ask(&["SET", "dockerhub:namespaces:all", "not a list"]).await;
    let client = client(&server, RedisCache::new(&redis.url()).unwrap());
    assert_eq!(client.namespaces(None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_unusable_address_is_told_without_the_address() {
    let error = RedisCache::new(&"http://ada:hunter2@redis/".into()).unwrap_err();
    assert_eq!(error.to_string(), "the address of Redis is not usable");
}
