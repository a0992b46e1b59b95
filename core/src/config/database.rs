//! `database`: your own PostgreSQL. Without the section the server runs a private one.

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::{
    fields::{Fields, Key},
    values::{number, positive, secret, text},
};

const SECTION: &str = "database";
const USERNAME: Key = Key::new("database.username", "the name of a role");
const PASSWORD: Key = Key::new("database.password", "the password of the role").secret();
const HOST: Key = Key::new("database.host", "a host name, an address, or the folder of a socket");
const PORT: Key = Key::new("database.port", "a port, 1 to 65535");
const NAME: Key = Key::new("database.database_name", "the name of a database");
const SSL_MODE: Key = Key::new("database.ssl_mode", "one of disable, prefer, require, verify-full");
const MAX_CONNECTIONS: Key = Key::new("database.max_connections", "a number, 1 or more");

/// A smaller pool can starve, because some use cases take two connections.
const MIN_CONNECTIONS: u32 = 2;
pub(crate) const DEFAULT_MAX_CONNECTIONS: u32 = 16;

#[derive(Clone, Debug)]
pub struct DatabaseSettings {
    pub username: String,
    pub password: SecretString,
    pub host: String,
    pub port: u16,
    pub database_name: String,
    pub ssl_mode: SslMode,
    pub max_connections: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SslMode {
    Disable,
    /// TLS if the server offers it.
    Prefer,
    Require,
    /// Like `Require`, and the certificate must be valid for the host.
    VerifyFull,
}

impl DatabaseSettings {
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        fields.ignore_empty_section(SECTION);
        let configured = fields.has_section(SECTION, &[]);
        let settings = Self {
            username: fields.read(USERNAME, text).unwrap_or_else(|| "postgres".to_owned()),
            password: fields.read(PASSWORD, secret).unwrap_or_else(|| "postgres".into()),
            host: fields.read(HOST, text).unwrap_or_else(|| "127.0.0.1".to_owned()),
            port: fields.read(PORT, positive).unwrap_or(5432),
            database_name: fields.read(NAME, text).unwrap_or_else(|| "stacker".to_owned()),
            ssl_mode: fields.read(SSL_MODE, ssl_mode).unwrap_or(SslMode::Prefer),
            max_connections: fields.read(MAX_CONNECTIONS, number).unwrap_or(DEFAULT_MAX_CONNECTIONS),
        };
        configured.then_some(settings)
    }

    pub(super) fn validate(&self, fields: &mut Fields) {
        if self.max_connections < MIN_CONNECTIONS {
            let message = format!("is {}, expected {MIN_CONNECTIONS} or more", self.max_connections);
            fields.contradiction("database.max_connections", message);
        }
    }

    pub fn connect_options(&self) -> PgConnectOptions {
        let options = PgConnectOptions::new_without_pgpass()
            .username(&self.username)
            .password(self.password.expose_secret())
            .port(self.port)
            .database(&self.database_name)
            .ssl_mode(match self.ssl_mode {
                SslMode::Disable => PgSslMode::Disable,
                SslMode::Prefer => PgSslMode::Prefer,
                SslMode::Require => PgSslMode::Require,
                SslMode::VerifyFull => PgSslMode::VerifyFull,
            });
        if self.host.starts_with('/') { options.socket(&self.host) } else { options.host(&self.host) }
    }
}

fn ssl_mode(text: &str) -> Option<SslMode> {
    match text {
        "disable" => Some(SslMode::Disable),
        "prefer" => Some(SslMode::Prefer),
        "require" => Some(SslMode::Require),
        "verify-full" => Some(SslMode::VerifyFull),
        _ => None,
    }
}
