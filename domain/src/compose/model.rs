//! The compose file as the builder, the rules and the REST API see it.
//!
//! Fields have types where a form or a rule needs them. Everything else is in [`Model::root`], with its place.
//! Anchors, aliases and merges are resolved; each value has the place where it is actually written.

use std::collections::BTreeSet;

use super::{
    image::ImageReference,
    place::{Located, Place},
    variables::VariableUse,
    yaml::Node,
};
use crate::finding::Basis;

/// A text with its place; most typed fields have this type.
pub type Text = Located<String>;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// The whole document; `Null` for an empty file.
    pub root: Node,
    pub name: Option<Text>,
    /// The services, in the order of the file.
    pub services: Vec<Service>,
    pub networks: Vec<Resource>,
    pub volumes: Vec<Resource>,
    pub secrets: Vec<Resource>,
    pub configs: Vec<Resource>,
    pub includes: Vec<Text>,
    /// Every `${VARIABLE}` of the file, in the order of the text.
    pub variables: Vec<VariableUse>,
}

impl Model {
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.name == name)
    }

    pub fn network(&self, name: &str) -> Option<&Resource> {
        self.networks.iter().find(|network| network.name == name)
    }

    pub fn volume(&self, name: &str) -> Option<&Resource> {
        self.volumes.iter().find(|volume| volume.name == name)
    }

    /// Every variable that compose reads from `.env` or its environment: `${NAME}`, `KEY:` without a value in `environment`,
    /// and `environment: NAME` of secrets and configs.
    pub fn variable_names(&self) -> BTreeSet<String> {
        let inserted = self.variables.iter().map(|variable| variable.name.clone());
        let environment = self.services.iter().flat_map(|service| &service.environment);
        let passed =
            environment.filter(|variable| variable.value.is_none()).map(|variable| variable.key.clone());
        let granted = ["secrets", "configs"].into_iter().filter_map(|kind| self.root.get(kind));
        let granted =
            granted.flat_map(Node::entries).filter_map(|entry| entry.value.get("environment")?.text());
        inserted.chain(passed).chain(granted).collect()
    }

    /// The service whose key or body covers this offset of the text.
    pub fn service_at(&self, offset: usize) -> Option<&Service> {
        self.services
            .iter()
            .find(|service| service.key.start <= offset && offset <= service.place.end.max(service.key.end))
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Service {
    pub name: String,
    /// The place of the name, a key of `services`.
    pub key: Place,
    /// The place of the body.
    pub place: Place,
    pub image: Option<Located<ImageReference>>,
    pub build: Option<Place>,
    pub container_name: Option<Text>,
    pub command: Option<Located<Command>>,
    pub entrypoint: Option<Located<Command>>,
    pub environment: Vec<Variable>,
    pub env_files: Vec<Text>,
    pub ports: Vec<Port>,
    pub expose: Vec<Text>,
    pub volumes: Vec<Mount>,
    pub networks: Vec<Membership>,
    /// The value as written, such as `host`, `none` or `service:…`. It excludes `networks`.
    pub network_mode: Option<Text>,
    pub depends_on: Vec<Dependency>,
    pub links: Vec<Text>,
    pub healthcheck: Option<Healthcheck>,
    pub restart: Option<Text>,
    pub labels: Vec<Variable>,
    pub profiles: Vec<Text>,
    pub user: Option<Text>,
    pub working_dir: Option<Text>,
    pub privileged: Option<Located<bool>>,
    pub resources: Resources,
    pub secrets: Vec<Grant>,
    pub configs: Vec<Grant>,
    pub extends: Option<Extends>,
}

impl Service {
    pub fn variable(&self, key: &str) -> Option<&Variable> {
        self.environment.iter().find(|variable| variable.key == key)
    }

    pub fn depends_on(&self, service: &str) -> Option<&Dependency> {
        self.depends_on.iter().find(|dependency| dependency.service == service)
    }
}

/// A key and its value, from a mapping or from a list of `KEY=value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    pub key: String,
    /// `None` means that the value comes from the environment in which compose runs.
    pub value: Option<String>,
    /// The place of the whole entry.
    pub place: Place,
    /// The place of the value alone; empty if there is no value. In a list entry, the part after `=` up to the first
    /// escape.
    pub value_place: Place,
}

/// `command` or `entrypoint`: either one line that is split like a shell command, or a list of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Line(String),
    Words(Vec<String>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Port {
    /// The entry as written, if it is in the short form.
    pub text: Option<String>,
    /// `None` if a variable or an error makes it unknown. With an error, `problem` describes it.
    pub mapping: Option<PortMapping>,
    pub problem: Option<String>,
    /// Who objects to the problem: Compose, or the engine.
    pub problem_basis: Basis,
    pub place: Place,
    /// The index of the entry in the list.
    pub index: usize,
}

/// One entry of `ports` in the short or the long form, including ranges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortMapping {
    pub host_ip: Option<String>,
    /// The first and last host port. `None` means that the engine chooses a free port.
    pub published: Option<(u16, u16)>,
    /// The first and last container port.
    pub target: (u16, u16),
    pub protocol: Protocol,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    #[default]
    Tcp,
    Udp,
    Sctp,
}

impl Protocol {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Sctp => "sctp",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MountKind {
    Volume,
    Bind,
    Tmpfs,
    Npipe,
    Cluster,
    Image,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Mount {
    pub kind: MountKind,
    /// The volume name or the host path. `None` for anonymous volumes and tmpfs.
    pub source: Option<String>,
    pub target: String,
    pub read_only: bool,
    /// The entry as written, if it is in the short form.
    pub text: Option<String>,
    pub place: Place,
    pub index: usize,
}

/// The membership of a service in a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Membership {
    pub network: String,
    pub aliases: Vec<String>,
    pub place: Place,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Condition {
    #[default]
    #[serde(rename = "service_started")]
    Started,
    #[serde(rename = "service_healthy")]
    Healthy,
    #[serde(rename = "service_completed_successfully")]
    Completed,
}

impl Condition {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Started => "service_started",
            Self::Healthy => "service_healthy",
            Self::Completed => "service_completed_successfully",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Dependency {
    pub service: String,
    pub condition: Condition,
    /// The condition as written, if it is not one that compose knows.
    pub unknown_condition: Option<Text>,
    /// With `required: false`, the service starts even if the other service is missing.
    pub required: bool,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Healthcheck {
    /// `None` means that the file only changes the times of the image's own check.
    pub test: Option<Located<Command>>,
    pub interval: Option<Text>,
    pub timeout: Option<Text>,
    pub retries: Option<Located<i64>>,
    pub start_period: Option<Text>,
    pub disabled: bool,
    pub place: Place,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resources {
    pub cpus: Option<Text>,
    pub memory: Option<Text>,
    pub reserved_cpus: Option<Text>,
    pub reserved_memory: Option<Text>,
    pub replicas: Option<Located<i64>>,
}

/// A service's use of a secret or config.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    pub source: String,
    pub target: Option<String>,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Extends {
    pub service: String,
    pub file: Option<String>,
    pub place: Place,
}

/// An entry of the top-level `networks`, `volumes`, `secrets` or `configs`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resource {
    /// The key of the entry.
    pub name: String,
    /// `name:`, the name that the engine uses.
    pub external_name: Option<String>,
    pub driver: Option<String>,
    pub external: bool,
    pub internal: bool,
    pub key: Place,
    pub place: Place,
}
