//! `amqp`: the message broker. Without the section no broker is used.

use secrecy::SecretString;

use super::{
    fields::{Fields, Key},
    values::{positive, secret, text},
};

const SECTION: &str = "amqp";
const USERNAME: Key = Key::new("amqp.username", "the name of a user of the broker");
const PASSWORD: Key = Key::new("amqp.password", "the password of that user").secret();
const HOST: Key = Key::new("amqp.host", "a host name or an address");
const PORT: Key = Key::new("amqp.port", "a port, 1 to 65535");

#[derive(Clone, Debug)]
pub struct AmqpSettings {
    pub username: String,
    pub password: SecretString,
    pub host: String,
    pub port: u16,
}

impl AmqpSettings {
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        fields.ignore_empty_section(SECTION);
        let configured = fields.has_section(SECTION, &[]);
        let settings = Self {
            username: fields.read(USERNAME, text).unwrap_or_else(|| "guest".to_owned()),
            password: fields.read(PASSWORD, secret).unwrap_or_else(|| "guest".into()),
            host: fields.read(HOST, text).unwrap_or_else(|| "127.0.0.1".to_owned()),
            port: fields.read(PORT, positive).unwrap_or(5672),
        };
        configured.then_some(settings)
    }
}
