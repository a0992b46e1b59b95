//! The message to the install service: exchange `install`, routing key [`crate::cloud::routing_key`].
//!
//! Keys and their order are those of 0.2.1, which installers read. New keys are only added: `deployment_hash` and
//! `deployment_id` beside the id, and at the end those that installers of 0.3 read, each only if it holds something.
//!
//! | added key | where it comes from |
//! |---|---|
//! | `registry` | the credentials for private images of the project or account |
//! | `environment` | the stored values of the project's variables |
//! | `commonDomain` | the request |
//! | `config_files` | `configs` of the compose file with a `content` |

use std::{collections::BTreeMap, fmt};

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;

use crate::{
    cloud::{CloudBody, Secret, SecretKind, ServerBody, StackPart},
    compose::variables::{Piece, pieces},
    stack::Stack,
};

/// Holds every secret of the deployment in plain text: it is sealed as soon as it is written. `Debug` shows only the ids.
#[derive(Clone, PartialEq, Serialize)]
pub struct InstallMessage {
    /// The id of the deployment.
    pub id: i32,
    pub project_id: i32,
    pub deployment_hash: String,
    /// The same as `id`, under the name that installers of 0.3 read.
    pub deployment_id: i32,
    /// The id of the caller: despite the name, no token.
    pub user_token: String,
    pub user_email: String,
    #[serde(flatten)]
    pub cloud: MessageCloud,
    #[serde(flatten, serialize_with = "server")]
    pub server: ServerBody,
    #[serde(flatten)]
    pub stack: StackPart,
    /// `custom` of the project's metadata.
    pub custom: Value,
    /// The compose file that [`super::filled`] returns, compressed with Brotli (quality 11, window 22). A JSON array of
    /// numbers.
    pub docker_compose: Vec<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registry: Option<RegistryCredentials>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", serialize_with = "exposed_values")]
    pub environment: BTreeMap<String, Secret>,
    #[serde(rename = "commonDomain", skip_serializing_if = "Option::is_none")]
    pub common_domain: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub config_files: Vec<ConfigFile>,
}

impl InstallMessage {
    /// The body of the message.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }
}

impl fmt::Debug for InstallMessage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("InstallMessage")
            .field("id", &self.id)
            .field("project_id", &self.project_id)
            .field("deployment_hash", &self.deployment_hash)
            .finish_non_exhaustive()
    }
}

/// The credentials of the cloud.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MessageCloud {
    /// Always null, as in 0.2.1.
    user_id: Option<String>,
    provider: String,
    #[serde(serialize_with = "exposed")]
    cloud_token: Option<Secret>,
    #[serde(serialize_with = "exposed")]
    cloud_key: Option<Secret>,
    #[serde(serialize_with = "exposed")]
    cloud_secret: Option<Secret>,
    save_token: Option<bool>,
}

impl MessageCloud {
    /// The credentials of the request: what it leaves out is null.
    pub fn direct(cloud: &CloudBody) -> Self {
        Self::unsaved(&cloud.provider, cloud.save_token, cloud)
    }

    /// A stored cloud with its stored credentials: parts that it does not have are empty texts.
    pub fn saved(provider: &str, secret: impl Fn(SecretKind) -> Option<Secret>) -> Self {
        let part = |kind| Some(secret(kind).unwrap_or_default());
        Self::new(provider, Some(true), part)
    }

    /// A stored cloud that stores no credentials, with those of the request: what the request leaves out is null.
    pub fn unsaved(provider: &str, save_token: Option<bool>, request: &CloudBody) -> Self {
        Self::new(provider, save_token, |kind| request.secret(kind).cloned())
    }

    fn new(provider: &str, save_token: Option<bool>, part: impl Fn(SecretKind) -> Option<Secret>) -> Self {
        Self {
            user_id: None,
            provider: provider.to_owned(),
            cloud_token: part(SecretKind::Token),
            cloud_key: part(SecretKind::Key),
            cloud_secret: part(SecretKind::Secret),
            save_token,
        }
    }
}

/// Credentials for private images.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegistryCredentials {
    pub username: String,
    #[serde(serialize_with = "exposed_secret")]
    pub password: Secret,
    /// The host of the registry, such as `ghcr.io`.
    pub server: String,
}

/// A file whose text is in the compose file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConfigFile {
    /// The name of the config.
    pub name: String,
    #[serde(serialize_with = "exposed_secret")]
    pub content: Secret,
    pub content_type: &'static str,
    /// Relative to the folder of the stack. It is never a path inside a container: Compose mounts the config itself, and an
    /// installer that also writes the file must not write outside its folder.
    pub destination_path: String,
}

/// The configs of a file that [`super::filled`] returned, which has no variables any more.
pub fn config_files(filled: &Stack) -> Vec<ConfigFile> {
    let configs = filled.model().root.get("configs").map(|configs| configs.entries()).unwrap_or_default();
    let file = |entry: &crate::compose::yaml::Entry| {
        let content = entry.value.get("content")?.text()?;
        Some(ConfigFile {
            name: entry.key.clone(),
            content: Secret::new(unescaped(&content)),
            content_type: "text/plain",
            destination_path: format!("configs/{}", entry.key.replace(['/', '\\'], "_")),
        })
    };
    configs.iter().filter_map(file).collect()
}

fn unescaped(text: &str) -> String {
    let plain = |piece: Piece<'_>| match piece {
        Piece::Text(text) | Piece::Invalid(text) => text.to_owned(),
        Piece::Variable { name, .. } => format!("${{{name}}}"),
    };
    pieces(text).into_iter().map(plain).collect()
}

/// In the order of the message, without what 0.2.1 did not have.
fn server<S: Serializer>(server: &ServerBody, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry("region", &server.region)?;
    map.serialize_entry("zone", &server.zone)?;
    map.serialize_entry("server", &server.server)?;
    map.serialize_entry("os", &server.os)?;
    map.serialize_entry("disk_type", &server.disk_type)?;
    map.serialize_entry("srv_ip", &server.srv_ip)?;
    map.serialize_entry("ssh_port", &server.ssh_port)?;
    map.serialize_entry("ssh_user", &server.ssh_user)?;
    map.end()
}

fn exposed<S: Serializer>(secret: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(Secret::expose).serialize(serializer)
}

fn exposed_secret<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

fn exposed_values<S: Serializer>(
    values: &BTreeMap<String, Secret>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(values.iter().map(|(name, value)| (name, value.expose())))
}
