//! `amqp`: RabbitMQ, which leads to the install service. Without the section no broker is used.

use std::{path::PathBuf, time::Duration};

use chrono::TimeDelta;
use secrecy::SecretString;

use super::{
    fields::{Fields, Key},
    values::{BOOLEAN, boolean, positive, secret, text},
};

const SECTION: &str = "amqp";
const USERNAME: Key = Key::new("amqp.username", "the name of a user of the broker");
const PASSWORD: Key = Key::new("amqp.password", "the password of that user").secret();
const HOST: Key = Key::new("amqp.host", "a host name or an address");
const PORT: Key = Key::new("amqp.port", "a port, 1 to 65535");
const VHOST: Key = Key::new("amqp.vhost", "the name of a virtual host");
const TLS: Key = Key::new("amqp.tls", BOOLEAN);
const CA_FILE: Key = Key::new("amqp.ca_file", "the path of a file with certificates in PEM form");
const DECLARE: Key = Key::new("amqp.declare", BOOLEAN);
const QUEUE: Key = Key::new("amqp.queue", "the name of a queue, up to 200 characters");
const DELIVERY_LIMIT: Key = Key::new("amqp.delivery_limit", "a number, 1 to 1000");
const PREFETCH: Key = Key::new("amqp.prefetch", "a number, 1 to 1000");
const CONFIRM_TIMEOUT: Key = Key::new("amqp.confirm_timeout_secs", "a number of seconds, 1 to 60");
const MAX_ATTEMPTS: Key = Key::new("amqp.max_attempts", "a number, 1 or more");
const UNSAVED_SECRETS: Key = Key::new("amqp.unsaved_secrets_secs", "a number of seconds, 60 or more");

/// The queue of 0.2, whose arguments cannot change.
pub const LEGACY_QUEUE: &str = "stacker_listener";
const MAX_QUEUE_CHARACTERS: usize = 200;

#[derive(Clone, Debug)]
pub struct AmqpSettings {
    pub username: String,
    pub password: SecretString,
    pub host: String,
    pub port: u16,
    pub vhost: String,
    pub tls: bool,
    pub ca_file: Option<PathBuf>,
    /// Whether the exchange `install` is created if it does not exist.
    pub declare: bool,
    /// The queue for the messages of the install service.
    pub queue: String,
    /// How often a message is delivered before it becomes a dead letter; not for the legacy queue.
    pub delivery_limit: u32,
    pub prefetch: u16,
    /// How long the broker has to confirm a message.
    pub confirm_timeout: Duration,
    /// How often a deployment is sent before it fails.
    pub max_attempts: i32,
    /// How long credentials that are not stored with a cloud wait for the broker.
    pub unsaved_secrets: TimeDelta,
}

impl AmqpSettings {
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        fields.ignore_empty_section(SECTION);
        let configured = fields.has_section(SECTION, &[]);
        let tls = fields.read(TLS, boolean).unwrap_or(false);
        let settings = Self {
            username: fields.read(USERNAME, text).unwrap_or_else(|| "guest".to_owned()),
            password: fields.read(PASSWORD, secret).unwrap_or_else(|| "guest".into()),
            host: fields.read(HOST, text).unwrap_or_else(|| "127.0.0.1".to_owned()),
            port: fields.read(PORT, positive).unwrap_or(if tls { 5671 } else { 5672 }),
            vhost: fields.read(VHOST, text).unwrap_or_else(|| "/".to_owned()),
            tls,
            ca_file: fields.read(CA_FILE, text).map(PathBuf::from),
            declare: fields.read(DECLARE, boolean).unwrap_or(false),
            queue: fields.read(QUEUE, queue).unwrap_or_else(|| "stacker_progress".to_owned()),
            delivery_limit: fields.read(DELIVERY_LIMIT, up_to(1, 1_000)).unwrap_or(20),
            prefetch: fields.read(PREFETCH, up_to(1, 1_000)).unwrap_or(50),
            confirm_timeout: Duration::from_secs(fields.read(CONFIRM_TIMEOUT, up_to(1, 60)).unwrap_or(5)),
            max_attempts: fields.read(MAX_ATTEMPTS, positive).unwrap_or(300),
            unsaved_secrets: TimeDelta::seconds(
                fields.read(UNSAVED_SECRETS, up_to(60, i64::from(u32::MAX))).unwrap_or(3_600),
            ),
        };
        configured.then_some(settings)
    }

    pub(super) fn without_effect(&self, fields: &Fields) -> Option<String> {
        (self.queue == LEGACY_QUEUE && fields.is_set(DELIVERY_LIMIT))
            .then(|| format!("`{}` does not apply to the queue {LEGACY_QUEUE}", DELIVERY_LIMIT.name()))
    }

    pub(super) fn validate(&self, fields: &mut Fields) {
        if self.ca_file.is_some() && !self.tls {
            fields.contradiction("amqp.ca_file", "is set, and `amqp.tls` is false");
        }
    }
}

fn queue(value: &str) -> Option<String> {
    text(value).filter(|name| name.chars().count() <= MAX_QUEUE_CHARACTERS && !name.starts_with("amq."))
}

/// A number within these bounds.
fn up_to<T: std::str::FromStr + PartialOrd + Copy>(least: T, most: T) -> impl Fn(&str) -> Option<T> {
    move |value| value.parse().ok().filter(|number| *number >= least && *number <= most)
}
