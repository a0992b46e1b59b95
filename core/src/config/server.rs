//! The address that the server listens on, and the one that it is reached at: `app_host`, `app_port`, `public_url`;
//! and what it hands out: `programs_dir`.

use std::{net::IpAddr, path::PathBuf};

use url::Url;

use super::{
    fields::{Fields, Key},
    networks::Networks,
    values::{http_url, number, text},
};

const HOST: Key = Key::new("app_host", "an address or host name to listen on").or_variable("APP_HOST");
const PORT: Key = Key::new("app_port", "a port, 0 to 65535 (0: any free one)").or_variable("APP_PORT");
const PUBLIC_URL: Key = Key::new("public_url", "an address like https://stacker.example.com, without a path");
const PROGRAMS_DIR: Key = Key::new("programs_dir", "the path of a folder");

const PROXIES: Key =
    Key::new("trusted_proxies", "addresses or networks like 10.0.0.0/8, separated by commas");

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSettings {
    pub host: String,
    pub port: u16,
    /// The URL that browsers use, if it is not `http://HOST:PORT`: behind a proxy.
    pub public_url: Option<Url>,
    /// Where programs for hosts with another platform are.
    pub programs_dir: Option<PathBuf>,
    /// The proxies whose headers about the client's address are trusted.
    pub trusted_proxies: Networks,
}

impl ServerSettings {
    pub(super) fn read(fields: &mut Fields) -> Self {
        Self {
            host: fields.read(HOST, text).unwrap_or_else(|| "127.0.0.1".to_owned()),
            port: fields.read(PORT, number).unwrap_or(8000),
            public_url: fields.read(PUBLIC_URL, origin),
            programs_dir: fields.read(PROGRAMS_DIR, text).map(PathBuf::from),
            trusted_proxies: fields.read(PROXIES, Networks::parse).unwrap_or_default(),
        }
    }

    pub(super) fn validate(&self, fields: &mut Fields) {
        if self.host.contains(['/', ' ']) {
            fields.contradiction("app_host", "is an address or a host name, without scheme, path or port");
        }
    }

    /// Whether the server can be reached from this machine only.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

/// A URL without a path: sign-in and cross-site checks compare origins.
fn origin(text: &str) -> Option<Url> {
    http_url(text).filter(|url| {
        url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    })
}
