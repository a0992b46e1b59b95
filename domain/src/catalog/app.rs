//! An app as described in its data file.
//!
//! Texts follow the rules of compose: `$$` is a dollar sign, `${NAME}` a variable. They can contain placeholders:
//! - for the app itself: `{{service}}`, `{{secret:NAME}}` and `{{port:CONTAINER_PORT}}` (the host port it is published on);
//! - in an [`Offer`]: `{{env:NAME}}` and `{{argument:--flag}}`, from the app's own environment and command;
//! - in an [`Accept`]: `{{host}}`, `{{port}}`, `{{user}}`, `{{password}}`, `{{database}}` and `{{url}}` of the provider.

use chrono::NaiveDate;
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
    /// Never changes. It is also the name of the data file and the first choice for the name of the service.
    pub code: String,
    pub name: String,
    /// A description in one line.
    pub description: String,
    pub category: Category,
    /// Further search words.
    #[serde(default)]
    pub keywords: Vec<String>,
    pub homepage: String,
    /// The licence as an SPDX expression.
    pub licence: String,
    /// Where the facts of this file come from: the address of the image's documentation or source.
    pub source: String,
    /// The date on which the facts were last compared with the source.
    pub checked: NaiveDate,
    /// Whether the app, as this file describes it, started and became healthy. `scripts/try-apps.sh` writes it.
    pub started: Started,
    /// The image reference, with a tag that exists.
    pub image: String,
    /// Other repositories with the same program, without a tag. For apps that are not websites, a single word also
    /// matches the last part of any repository: `elestio/postgres` is PostgreSQL, but `somebody/nginx` may be any
    /// site.
    #[serde(default)]
    pub recognise: Vec<String>,
    /// The fixed host name of the container, for apps that tie their data to it.
    #[serde(default)]
    pub hostname: Option<String>,
    #[serde(default)]
    pub ports: Vec<AppPort>,
    #[serde(default)]
    pub volumes: Vec<AppVolume>,
    /// The variables, in the order in which they are written.
    #[serde(default)]
    pub environment: IndexMap<String, String>,
    /// For a variable, the other names under which the image reads it.
    #[serde(default)]
    pub aliases: IndexMap<String, Vec<String>>,
    /// For a variable, the variables that make it unnecessary (`MYSQL_RANDOM_ROOT_PASSWORD`).
    #[serde(default)]
    pub instead: IndexMap<String, Vec<String>>,
    #[serde(default)]
    secrets: Vec<SecretSpec>,
    #[serde(default)]
    pub command: Option<Value>,
    pub healthcheck: AppHealthcheck,
    /// What to change or know before the first visit, in one or two sentences. The builder shows it once the app is added.
    #[serde(default)]
    pub after_adding: Option<String>,
    /// The settings that the image does not start without.
    #[serde(default)]
    pub requires: Option<Requires>,
    /// What the app offers to other apps.
    #[serde(default)]
    pub offers: Vec<Offer>,
    /// What the app can use from other apps, the better choice first.
    #[serde(default)]
    pub accepts: Vec<Accept>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Started {
    Yes,
    No,
}

/// What the entrypoint of the image checks before it starts the program.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requires {
    /// Other repositories with the same entrypoint.
    #[serde(default)]
    pub images: Vec<String>,
    /// The first words of a command with which the settings are checked. Commands that begin with an option are checked
    /// too. If empty, nothing is checked with a command.
    #[serde(default)]
    pub programs: Vec<String>,
    /// The first major version that has these requirements.
    #[serde(default)]
    pub since: u32,
    pub settings: Vec<Requirement>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// The variable that is usually set.
    pub set: String,
    /// What is enough instead: a variable, or a variable with one value (`NAME=value`).
    #[serde(default)]
    pub or: Vec<String>,
    /// The setting is required only if one of these variables is set.
    #[serde(default)]
    pub when: Vec<String>,
    /// A clause for people: "PostgreSQL needs a password for its first user".
    pub why: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppPort {
    pub container: u16,
    /// The host port that people expect. A port without one is not published.
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

/// A health check that works with the programs in the image, in all common versions.
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
    /// Where to find the login, the better choice first. Empty if no login is needed.
    #[serde(default)]
    pub logins: Vec<Login>,
    #[serde(default)]
    pub url: Option<String>,
    /// The address without a login, for images that accept everyone while no login is set.
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
    /// The app's own variables that must be removed when it is connected.
    #[serde(default)]
    pub replaces: Vec<String>,
    /// A word that the command must contain, because only such a command reads the variables.
    #[serde(default)]
    pub command_mentions: Option<String>,
}

impl App {
    /// The secrets that must be generated before the app can be added.
    pub fn secrets(&self) -> &[SecretSpec] {
        &self.secrets
    }

    /// The path data of the app's icon, see [`glyph`].
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
