//! A relay between a pool and PostgreSQL, for tests that need a certain moment: it counts messages, holds answers back, and goes
//! away and comes back as a restarted database does.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use sqlx::{PgPool, postgres::PgConnectOptions};
use stacker::db::{Pool, PoolLimits};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        UnixListener, UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::AbortHandle,
};

use crate::commands::world::until;

/// The file name of PostgreSQL's socket at the default port.
const SOCKET: &str = ".s.PGSQL.5432";

pub struct Relay {
    folder: TempDir,
    options: PgConnectOptions,
    database: PathBuf,
    shared: Arc<Shared>,
    accepting: Option<AbortHandle>,
}

struct Shared {
    /// What clients have sent, counted by writes: the driver writes one message at a time and then waits.
    messages: AtomicUsize,
    /// Whether answers pass.
    passes: watch::Sender<bool>,
    /// Ends all connections when it changes.
    cut: watch::Sender<u32>,
}

impl Relay {
    pub fn to(pool: &PgPool) -> Self {
        let options = pool.connect_options().as_ref().clone();
        // scripts/with-test-postgres.sh runs a database behind a unix socket.
        let socket = options.get_socket().unwrap();
        let shared = Shared {
            messages: AtomicUsize::new(0),
            passes: watch::Sender::new(true),
            cut: watch::Sender::new(0),
        };
        let mut relay = Self {
            folder: tempfile::tempdir().unwrap(),
            database: socket.join(format!(".s.PGSQL.{}", options.get_port())),
            options,
            shared: Arc::new(shared),
            accepting: None,
        };
        relay.come_back();
        relay
    }

    /// A pool whose connections pass through here.
    pub fn pool(&self, max_connections: u32) -> Pool {
        let options = self.options.clone().socket(self.folder.path()).port(5432);
        Pool::new(options, PoolLimits { max_connections })
    }

    /// How many messages were sent since the last call.
    pub fn messages(&self) -> usize {
        self.shared.messages.swap(0, Ordering::SeqCst)
    }

    pub fn hold_answers(&self) {
        self.shared.passes.send_replace(false);
    }

    /// Waits for a message that was sent after the last call of [`Self::messages`].
    pub async fn somebody_asked(&self) {
        until("somebody asks", || async { self.shared.messages.load(Ordering::SeqCst) > 0 }).await;
    }

    pub fn let_answers_pass(&self) {
        self.shared.passes.send_replace(true);
    }

    /// Ends all connections and accepts no others.
    pub fn go_away(&mut self) {
        if let Some(accepting) = self.accepting.take() {
            accepting.abort();
        }
        std::fs::remove_file(self.folder.path().join(SOCKET)).unwrap();
        self.shared.cut.send_modify(|times| *times += 1);
    }

    pub fn come_back(&mut self) {
        let listener = UnixListener::bind(self.folder.path().join(SOCKET)).unwrap();
        let (shared, database) = (self.shared.clone(), self.database.clone());
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(&database).await.unwrap();
                tokio::spawn(relay(client, server, shared.clone()));
            }
        });
        self.accepting = Some(accepting.abort_handle());
    }
}

async fn relay(client: UnixStream, server: UnixStream, shared: Arc<Shared>) {
    let mut cut = shared.cut.subscribe();
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        _ = cut.changed() => {}
        () = questions(from_client, to_server, &shared) => {}
        () = answers(from_server, to_client, &shared) => {}
    }
}

async fn questions(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, shared: &Shared) {
    let mut bytes = vec![0; 65_536];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        shared.messages.fetch_add(1, Ordering::SeqCst);
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

async fn answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, shared: &Shared) {
    let mut passes = shared.passes.subscribe();
    let mut bytes = vec![0; 65_536];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        if passes.wait_for(|passes| *passes).await.is_err() || to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
