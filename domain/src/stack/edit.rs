//! Every change to a stack, as data. The canvas, the inspector, the text editor, REST and the command line all use
//! these edits.
//!
//! An edit contains every value that it writes, including generated secrets, so that applying it is a pure function.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{canvas::Point, values::SecretText};
use crate::{compose::model::Condition, reporting::Settings};

/// `{"op": "set_image", "service": "web", "image": "nginx:1.27"}`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub enum Edit {
    /// From the catalogue (`app`, with a value for each of its secrets) or from an image; exactly one of the two.
    AddService {
        service: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        image: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        app: Option<String>,
        /// Values of the app's secrets, by name. They are kept beside the file; the file gets `${NAME}`.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        secrets: BTreeMap<String, String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Point>,
    },
    /// With everything that refers to it: dependencies, links, volumes_from. Volumes and networks stay.
    RemoveService {
        service: String,
        /// Also removes what its wires brought: the variables of the services that use it, the network that it shares
        /// with them alone, and the declarations of volumes and networks that nothing else uses. What is tied to other
        /// lines by an anchor stays. Volumes keep their data: only the text changes.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        clean_up: bool,
    },
    /// With everything that refers to it, also in values (`db:5432`, `redis://cache`), commands and health checks.
    /// Refused with `uncertain-references` if the name also stands where it may mean something else.
    RenameService {
        service: String,
        to: String,
        /// The answer to that: the paths of the values in which the uncertain places are renamed too. An empty list
        /// leaves all of them; null asks.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        uncertain: Option<Vec<Vec<String>>>,
    },
    /// Published ports and container_name are left out of the copy: they can only be used once.
    DuplicateService {
        service: String,
        to: String,
        #[serde(default)]
        at: Option<Point>,
    },
    SetImage {
        service: String,
        image: String,
    },
    /// `value` null: passed through from outside (`KEY:` or a bare `KEY` in a list).
    SetEnvironment {
        service: String,
        key: String,
        value: Option<String>,
    },
    RemoveEnvironment {
        service: String,
        key: String,
    },
    /// Its value, its line and its comment stay.
    RenameEnvironment {
        service: String,
        key: String,
        to: String,
    },
    AddPort {
        service: String,
        port: PortSpec,
    },
    SetPort {
        service: String,
        index: usize,
        port: PortSpec,
    },
    RemovePort {
        service: String,
        index: usize,
    },
    /// `source` is a volume name or a path (`./`, `/`, `~`, `../`); null: anonymous. A named volume is declared too.
    AddVolume {
        service: String,
        #[serde(default)]
        source: Option<String>,
        target: String,
        #[serde(default)]
        read_only: bool,
    },
    /// Takes the mount from the service. The declaration of the volume stays: its data is the user's.
    RemoveVolume {
        service: String,
        index: usize,
    },
    /// Declares a network.
    AddNetwork {
        network: String,
        #[serde(default)]
        internal: bool,
    },
    /// Declares the network when it is not.
    JoinNetwork {
        service: String,
        network: String,
        /// Whether a service without `networks` stays in the default network as well. Null: only if it reaches another
        /// service, or is reached by one, through that network alone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keep_default: Option<bool>,
    },
    /// Refused with `cuts-off` if services that use each other would no longer share a network.
    LeaveNetwork {
        service: String,
        network: String,
        /// The answer to that: leave all the same.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        cut_off: bool,
    },
    /// Also changes the condition of one that is there.
    AddDependency {
        service: String,
        on: String,
        #[serde(default)]
        condition: Condition,
    },
    RemoveDependency {
        service: String,
        on: String,
    },
    SetHealthcheck {
        service: String,
        /// As in compose: `["CMD", "pg_isready"]`, `["CMD-SHELL", "…"]`, or a line for the shell.
        test: Value,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interval: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timeout: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retries: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        start_period: Option<String>,
    },
    RemoveHealthcheck {
        service: String,
    },
    /// `no`, `always`, `unless-stopped`, `on-failure`, `on-failure:N`; null removes the key.
    SetRestart {
        service: String,
        restart: Option<String>,
    },
    /// A line, a list of words, or null to remove the key.
    SetCommand {
        service: String,
        command: Value,
    },
    SetEntrypoint {
        service: String,
        entrypoint: Value,
    },
    /// Any key, by path: names of mappings and numbers of sequence items, `["services", "web", "labels", "a.b"]`.
    SetKey {
        path: Vec<String>,
        value: Value,
    },
    RemoveKey {
        path: Vec<String>,
    },
    /// Gives the variable `${NAME}` of the file a value. It is kept beside the file, sealed, and never returned.
    SetValue {
        name: String,
        value: SecretText,
    },
    RemoveValue {
        name: String,
    },
    /// Moves secrets that are written out in `environment` to the values beside the file, and writes `${NAME}` instead: that of
    /// one variable (wherever the same secret is written), or all of the file without `service` and `key`.
    MoveSecrets {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        service: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
    },
    /// Its value, its line and its comment stay.
    RenameKey {
        path: Vec<String>,
        to: String,
    },
    /// Moves keys of the top level below `services`, each with its lines and comments. Adds `services` if it is missing.
    MoveToServices {
        services: Vec<String>,
    },
    /// What people type in the text editor.
    ReplaceText {
        text: String,
    },
    MoveNode {
        service: String,
        to: Point,
    },
    SetNote {
        service: String,
        note: Option<String>,
    },
    /// What the rules report about this stack: a profile, and the severity of single codes.
    SetChecks {
        checks: Settings,
    },
}

/// A port mapping to write: short when the list is short, long when it is long.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PortSpec {
    pub host_ip: Option<String>,
    /// A port or a range `8000-8010`; null: the engine picks one.
    pub published: Option<String>,
    /// A port or a range.
    pub target: String,
    /// `tcp` when null.
    pub protocol: Option<String>,
}
