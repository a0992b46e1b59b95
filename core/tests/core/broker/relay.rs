//! A relay between a client and the broker, for tests that need a certain moment: it counts what the client sends, keeps
//! answers back, and cuts connections.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use stacker::connectors::broker::BrokerSettings;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

use super::node::in_time;

pub struct Relay {
    /// Leads through the relay.
    pub settings: BrokerSettings,
    shared: Arc<Shared>,
}

struct Shared {
    /// How many bytes the client has sent.
    sent: watch::Sender<usize>,
    connections: AtomicUsize,
    /// Whether answers pass; those that do not are lost.
    passes: watch::Sender<bool>,
    /// Ends all connections when it changes.
    cut: watch::Sender<u32>,
}

impl Relay {
    pub async fn to(settings: &BrokerSettings) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            sent: watch::Sender::default(),
            connections: AtomicUsize::new(0),
            passes: watch::Sender::new(true),
            cut: watch::Sender::default(),
        });
        let (accepted, broker) = (shared.clone(), settings.port);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // A broker that is stopped refuses: then the client's connection ends too.
                let Ok(server) = TcpStream::connect(("127.0.0.1", broker)).await else { continue };
                accepted.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(relay(client, server, accepted.clone()));
            }
        });
        Self { settings: BrokerSettings { port, ..settings.clone() }, shared }
    }

    /// From now on nothing that the broker says gets through.
    pub fn swallow_answers(&self) {
        self.shared.sent.send_replace(0);
        self.shared.passes.send_replace(false);
    }

    pub fn let_answers_pass(&self) {
        self.shared.passes.send_replace(true);
    }

    /// Waits until the client has sent this many bytes after the last [`Self::swallow_answers`].
    pub async fn was_sent(&self, bytes: usize) {
        let mut sent = self.shared.sent.subscribe();
        in_time("the client sends", sent.wait_for(|sent| *sent >= bytes)).await.unwrap();
    }

    /// Ends all connections; new ones are accepted.
    pub fn cut(&self) {
        self.shared.cut.send_modify(|times| *times += 1);
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

async fn relay(client: TcpStream, server: TcpStream, shared: Arc<Shared>) {
    let mut cut = shared.cut.subscribe();
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        // First, so that what the client says in its last moment does not get through.
        biased;
        _ = cut.changed() => {}
        () = requests(from_client, to_server, &shared) => {}
        () = answers(from_server, to_client, &shared) => {}
    }
}

async fn requests(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, shared: &Shared) {
    let mut bytes = vec![0; 65_536];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
        shared.sent.send_modify(|sent| *sent += read);
    }
}

async fn answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, shared: &Shared) {
    let mut bytes = vec![0; 65_536];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        let passes = *shared.passes.borrow();
        if passes && to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
