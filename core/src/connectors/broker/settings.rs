//! What the broker's connections need to know.

use std::{fmt, path::PathBuf, time::Duration};

use secrecy::SecretString;

/// Where the broker is, who we are there, and how long it may take.
#[derive(Clone)]
pub struct BrokerSettings {
    pub host: String,
    pub port: u16,
    pub username: String,
    pub password: SecretString,
    /// As the broker calls it: `/`, not `%2f`.
    pub vhost: String,
    /// Without it, the connection is not encrypted.
    pub tls: Option<Tls>,
    pub install_exchange: ExchangeDeclaration,
    pub timeouts: Timeouts,
    pub reconnect: Reconnect,
}

/// The broker's certificate must be issued for the host by an authority that the system trusts, or by one of `ca_file`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tls {
    /// PEM, one certificate or several.
    pub ca_file: Option<PathBuf>,
}

/// What happens to an exchange before the first message is published to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExchangeDeclaration {
    /// It must exist, whatever its kind: the install service made it.
    #[default]
    Expect,
    /// It is created as a durable topic exchange. One that exists with other arguments is an error.
    Create,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For TCP, TLS and the handshake together.
    pub connect: Duration,
    /// For opening a channel and for each declaration.
    pub declare: Duration,
    /// For handing a message to the connection.
    pub publish: Duration,
    /// For the broker's confirm after that.
    pub confirm: Duration,
    /// A connection that is silent for twice as long is dead. Whole seconds.
    pub heartbeat: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            declare: Duration::from_secs(5),
            publish: Duration::from_secs(5),
            confirm: Duration::from_secs(10),
            heartbeat: Duration::from_secs(15),
        }
    }
}

/// The waiting time between attempts doubles from `first` to `most`; up to half of it is left out at random.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reconnect {
    pub first: Duration,
    pub most: Duration,
}

impl Default for Reconnect {
    fn default() -> Self {
        Self { first: Duration::from_millis(250), most: Duration::from_secs(30) }
    }
}

impl BrokerSettings {
    /// RabbitMQ's usual port, virtual host and limits, not encrypted.
    pub fn new(host: impl Into<String>, username: impl Into<String>, password: SecretString) -> Self {
        Self {
            host: host.into(),
            port: 5672,
            username: username.into(),
            password,
            vhost: "/".to_owned(),
            tls: None,
            install_exchange: ExchangeDeclaration::default(),
            timeouts: Timeouts::default(),
            reconnect: Reconnect::default(),
        }
    }
}

impl fmt::Debug for BrokerSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("BrokerSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("vhost", &self.vhost)
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}

/// What the consumer of progress messages needs to know.
#[derive(Clone, Debug)]
pub struct ConsumerSettings {
    pub broker: BrokerSettings,
    pub queue: ProgressQueue,
    /// How many messages the broker sends ahead of their acknowledgement, 1 at least.
    pub prefetch: u16,
    /// The waiting time before a message is handled again.
    pub retry: Reconnect,
}

impl ConsumerSettings {
    pub fn new(broker: BrokerSettings, queue: ProgressQueue) -> Self {
        let retry = Reconnect { first: Duration::from_millis(200), most: Duration::from_secs(5) };
        Self { broker, queue, prefetch: 50, retry }
    }
}

/// The queue that progress messages are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgressQueue {
    /// `stacker_listener` as version 0.2.1 declared it: it lives only while somebody listens, and each listener gets a part.
    Legacy,
    /// A durable quorum queue with one active consumer at a time, so that the order is kept with several servers.
    Durable {
        name: String,
        /// How often a message may come back because its consumer went away, before it is dead-lettered.
        delivery_limit: u16,
    },
}

impl Default for ProgressQueue {
    /// Durable, `stacker_progress`, 20 deliveries.
    fn default() -> Self {
        Self::Durable { name: "stacker_progress".to_owned(), delivery_limit: 20 }
    }
}

impl ProgressQueue {
    pub fn name(&self) -> &str {
        match self {
            Self::Legacy => "stacker_listener",
            Self::Durable { name, .. } => name,
        }
    }

    /// The queue of its dead letters, also the routing key with which they get there.
    pub fn dead_letter_queue(&self) -> String {
        format!("{}.dead", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_and_the_user_are_not_in_the_debug_text() {
        let settings = BrokerSettings::new("mq.example", "a-user", "a-password".to_owned().into());
        let text = format!("{:?}", ConsumerSettings::new(settings, ProgressQueue::Legacy));
        assert!(text.contains("mq.example"));
        assert!(!text.contains("a-password") && !text.contains("a-user"), "{text}");
    }
}
