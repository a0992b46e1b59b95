//! An app as described in its data file.
//!
//! Texts are compose texts: `$$` is a dollar sign, `${NAME}` a variable. They may hold placeholders:
//! `{{service}}`, `{{secret:NAME}}` and `{{port:CONTAINER_PORT}}` (the host port it is published on) in what is written
//! for the app itself; `{{env:NAME}}` and `{{argument:--flag}}` (of its own environment and command) in what it offers;
//! `{{host}}`, `{{port}}`, `{{user}}`, `{{password}}`, `{{database}}` and `{{url}}` of the provider in what it accepts.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use super::{
    category::{Category, glyph},
    secret::SecretSpec,
};
use crate::compose::{ImageReference, Protocol};

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// Stable; also the name of the file and the first choice for the service's name.
    pub code: String,
    pub name: String,
    /// One line.
    pub description: String,
    pub category: Category,
    /// Further search words.
    #[serde(default)]
    pub keywords: Vec<String>,
    pub homepage: String,
    /// SPDX expression.
    pub licence: String,
    /// With a tag that exists.
    pub image: String,
    /// Other repositories that hold the same thing, without tag; a single word also matches as the last part of a path
    /// when the app is no website (`elestio/postgres` is a PostgreSQL, `somebody/nginx` is a site).
    #[serde(default)]
    pub recognise: Vec<String>,
    /// The data of the app is tied to the host name.
    #[serde(default)]
    pub hostname: Option<String>,
    #[serde(default)]
    pub ports: Vec<AppPort>,
    #[serde(default)]
    pub volumes: Vec<AppVolume>,
    /// In the order in which it is written.
    #[serde(default)]
    pub environment: IndexMap<String, String>,
    /// Other names the image reads the same variable from.
    #[serde(default)]
    pub aliases: IndexMap<String, Vec<String>>,
    /// Variables that make one unnecessary (`MYSQL_RANDOM_ROOT_PASSWORD`).
    #[serde(default)]
    pub instead: IndexMap<String, Vec<String>>,
    #[serde(default)]
    secrets: Vec<SecretSpec>,
    #[serde(default)]
    pub command: Option<Value>,
    pub healthcheck: AppHealthcheck,
    /// What it offers to other apps.
    #[serde(default)]
    pub offers: Vec<Offer>,
    /// What it can use, the better choice first.
    #[serde(default)]
    pub accepts: Vec<Accept>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppPort {
    pub container: u16,
    /// The host port people expect; without one the port is not published.
    #[serde(default)]
    pub host: Option<u16>,
    #[serde(default)]
    pub protocol: AppProtocol,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AppProtocol {
    #[default]
    Tcp,
    Udp,
}

impl From<AppProtocol> for Protocol {
    fn from(protocol: AppProtocol) -> Self {
        match protocol {
            AppProtocol::Tcp => Self::Tcp,
            AppProtocol::Udp => Self::Udp,
        }
    }
}

/// A named volume (`name`) or a path of the host (`source`).
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppVolume {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub source: Option<String>,
    pub target: String,
    #[serde(default)]
    pub read_only: bool,
}

/// Works with the programs in the image, in all common versions.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppHealthcheck {
    pub test: Value,
    pub interval: String,
    pub timeout: String,
    pub retries: u32,
    pub start_period: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// The protocol: `mysql`, `postgres`, `redis`, `mongodb`, `amqp`, `smtp`, `prometheus`, `http`.
    pub kind: String,
    pub port: u16,
    /// Where the login is found, the better choice first; empty if none is needed.
    #[serde(default)]
    pub logins: Vec<Login>,
    #[serde(default)]
    pub url: Option<String>,
    /// The address without a login: then the image accepts everyone.
    #[serde(default)]
    pub open_url: Option<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    pub user: String,
    pub password: String,
    pub database: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    pub kind: String,
    /// The variables to set, in the order in which they are written.
    #[serde(default)]
    pub environment: IndexMap<String, String>,
    /// The app's own variables that must be removed once it is connected.
    #[serde(default)]
    pub replaces: Vec<String>,
    /// Only a command with this word reads the variables.
    #[serde(default)]
    pub command_mentions: Option<String>,
}

impl App {
    /// What has to be generated before the app can be added.
    pub fn secrets(&self) -> &[SecretSpec] {
        &self.secrets
    }

    /// Path data of its sign, see [`glyph`].
    pub fn glyph(&self) -> &'static str {
        glyph(self.category)
    }

    pub fn image_reference(&self) -> ImageReference {
        ImageReference::read(&self.image)
    }

    pub(super) fn offer(&self, kind: &str) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.kind == kind)
    }

    pub(super) fn names_of<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        std::iter::once(key).chain(self.aliases.get(key).into_iter().flatten().map(String::as_str))
    }
}
