//! The RabbitMQ node of the tests, and the virtual host that a test has for itself.

use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use lapin::{
    BasicProperties, Channel, Connection, ConnectionProperties, ExchangeKind,
    message::BasicGetMessage,
    options::{
        BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, ExchangeDeclareOptions, QueueBindOptions,
        QueueDeclareOptions,
    },
    types::FieldTable,
    uri::AMQPUri,
};
use secrecy::SecretSlice;
use stacker::connectors::broker::{
    BrokerSettings, BrokerState, FixedJitter, Jitter, Publication, RabbitMq, Reconnect,
};
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard, watch};

pub const INSTALL: &str = "install";
pub const INSTALL_KEY: &str = "install.start.tfa.all.all";

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What happens to the whole node excludes all tests that need it to be well.
static NODE: RwLock<()> = RwLock::const_new(());

/// A virtual host, and a connection of the test's own to it.
pub struct TestBroker {
    pub settings: BrokerSettings,
    channel: Channel,
    connection: Connection,
    _node: Shared,
}

#[expect(dead_code, reason = "held until the test ends")]
enum Shared {
    WithOthers(RwLockReadGuard<'static, ()>),
    Alone(RwLockWriteGuard<'static, ()>),
}

impl TestBroker {
    pub async fn new() -> Self {
        Self::at(Shared::WithOthers(NODE.read().await)).await
    }

    /// For a test that stops the node or takes its memory.
    pub async fn alone() -> Self {
        Self::at(Shared::Alone(NODE.write().await)).await
    }

    /// The same virtual host after a restart of the node, which has ended the connection.
    pub async fn reconnect(&mut self) {
        let mut uri: AMQPUri = variable("STACKER_TEST_AMQP_URL").parse().unwrap();
        uri.vhost.clone_from(&self.settings.vhost);
        self.connection = connected(uri).await;
        self.channel = self.connection.create_channel().await.unwrap();
    }

    async fn at(node: Shared) -> Self {
        let address = variable("STACKER_TEST_AMQP_URL");
        let mut uri: AMQPUri = address.parse().unwrap();
        uri.vhost = own_vhost().await;
        let settings = BrokerSettings {
            port: uri.authority.port,
            vhost: uri.vhost.clone(),
            reconnect: Reconnect { first: Duration::from_millis(20), most: Duration::from_millis(200) },
            ..BrokerSettings::new(
                uri.authority.host.clone(),
                uri.authority.userinfo.username.clone(),
                uri.authority.userinfo.password.clone().into(),
            )
        };
        // The node may still be booting, beside the compilation of this test.
        let connection = connected(uri).await;
        let channel = connection.create_channel().await.unwrap();
        Self { settings, channel, connection, _node: node }
    }

    pub fn publisher(&self) -> RabbitMq {
        publisher(self.settings.clone())
    }

    /// As the install service does: its exchange and a queue that takes everything from it.
    pub async fn declare_install(&self) {
        self.declare_install_with(QueueDeclareOptions::default()).await;
    }

    /// Like [`Self::declare_install`], with a queue that survives a restart of the node.
    pub async fn declare_durable_install(&self) {
        self.declare_install_with(QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() })
            .await;
    }

    async fn declare_install_with(&self, options: QueueDeclareOptions) {
        let durable = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
        self.channel
            .exchange_declare(INSTALL.into(), ExchangeKind::Topic, durable, FieldTable::default())
            .await
            .unwrap();
        self.declare_queue(INSTALL, options, FieldTable::default()).await;
        let (queue, exchange, key) = (INSTALL.into(), INSTALL.into(), "install.start.#".into());
        self.channel
            .queue_bind(queue, exchange, key, QueueBindOptions::default(), FieldTable::default())
            .await
            .unwrap();
    }

    /// Panics if the queue exists with other arguments.
    pub async fn declare_queue(&self, queue: &str, options: QueueDeclareOptions, arguments: FieldTable) {
        self.channel.queue_declare(queue.into(), options, arguments).await.unwrap();
    }

    pub async fn exists(&self, queue: &str) -> bool {
        let channel = self.connection.create_channel().await.unwrap();
        let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
        channel.queue_declare(queue.into(), options, FieldTable::default()).await.is_ok()
    }

    pub async fn delete_queue(&self, queue: &str) {
        self.channel.queue_delete(queue.into(), Default::default()).await.unwrap();
    }

    /// How many messages wait, without those that somebody holds.
    pub async fn waiting(&self, queue: &str) -> u32 {
        let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
        let declared = self.channel.queue_declare(queue.into(), options, FieldTable::default()).await;
        declared.unwrap().message_count()
    }

    /// Takes the next message.
    pub async fn take(&self, queue: &str) -> Option<BasicGetMessage> {
        self.channel.basic_get(queue.into(), BasicGetOptions { no_ack: true }).await.unwrap()
    }

    /// From now on [`Self::send`] returns only when the broker has stored the message.
    pub async fn confirms(&self) {
        self.channel.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
    }

    /// Publishes as another program would, without anything that is ours.
    pub async fn send(&self, exchange: &str, key: &str, body: &str, properties: BasicProperties) {
        let options = BasicPublishOptions::default();
        let sent =
            self.channel.basic_publish(exchange.into(), key.into(), options, body.as_bytes(), properties);
        sent.await.unwrap().await.unwrap();
    }
}

pub fn publisher(settings: BrokerSettings) -> RabbitMq {
    RabbitMq::new(settings, jitter())
}

pub fn jitter() -> Arc<dyn Jitter> {
    Arc::new(FixedJitter(0.5))
}

pub fn install_message(id: &str) -> Publication {
    Publication {
        exchange: INSTALL.to_owned(),
        routing_key: INSTALL_KEY.to_owned(),
        message_id: id.to_owned(),
        body: SecretSlice::from(br#"{"cloud_token":"known-to-this-test-only"}"#.to_vec()),
    }
}

/// Runs `rabbitmqctl` for the node of the tests.
pub async fn rabbitmqctl(arguments: &[&str]) {
    let program = variable("STACKER_TEST_RABBITMQCTL");
    let output = tokio::process::Command::new(program).args(arguments).output().await.unwrap();
    assert!(output.status.success(), "rabbitmqctl {arguments:?}: {output:?}");
}

/// Kills the node, as a crash does, and returns when it accepts connections again.
pub async fn kill_node() {
    let output = tokio::process::Command::new(variable("STACKER_TEST_RABBITMQ_KILL")).output().await.unwrap();
    assert!(output.status.success(), "killing the broker: {output:?}");
}

/// Waits for a state of a publisher or consumer.
pub async fn state_becomes(
    mut states: watch::Receiver<BrokerState>,
    wanted: impl FnMut(&BrokerState) -> bool,
) -> BrokerState {
    let waiting = states.wait_for(wanted);
    let state = in_time("the state of the broker changes", waiting).await;
    state.unwrap().clone()
}

pub async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    let value = tokio::time::timeout(PATIENCE, future).await;
    assert!(value.is_ok(), "{what}: did not happen");
    value.unwrap()
}

pub fn variable(name: &str) -> String {
    let value = std::env::var(name);
    assert!(value.is_ok(), "{name} is not set: run this test with scripts/with-test-rabbitmq.sh");
    value.unwrap()
}

/// A virtual host that no other test uses. Removing its file claims it, also between several test programs.
async fn own_vhost() -> String {
    let folder = PathBuf::from(variable("STACKER_TEST_AMQP_VHOSTS"));
    for entry in fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if fs::remove_file(folder.join(&name)).is_ok() {
            return name;
        }
    }
    static MORE: AtomicUsize = AtomicUsize::new(0);
    let name = format!("test-{}-{}", std::process::id(), MORE.fetch_add(1, Ordering::SeqCst));
    rabbitmqctl(&["add_vhost", &name]).await;
    rabbitmqctl(&["set_permissions", "-p", &name, "guest", ".*", ".*", ".*"]).await;
    let legacy = "^(install_progress|stacker_listener)$";
    rabbitmqctl(&["set_permissions", "-p", &name, "listener", legacy, legacy, legacy]).await;
    name
}

async fn connected(uri: AMQPUri) -> Connection {
    let mut ticks = tokio::time::interval(Duration::from_millis(100));
    let trying = async {
        loop {
            ticks.tick().await;
            if let Ok(connection) =
                Connection::connect_uri(uri.clone(), ConnectionProperties::default()).await
            {
                return connection;
            }
        }
    };
    in_time("RabbitMQ answers (scripts/with-test-rabbitmq.sh)", trying).await
}
