//! `vault`: where legacy agents fetch their tokens after a rotation. Without an address, tokens are not copied.

use std::path::PathBuf;

use secrecy::SecretString;
use url::Url;

use super::{
    fields::{Fields, Key},
    values::{http_url, secret, text},
};

const SECTION: &str = "vault";
const ADDRESS: Key =
    Key::new("vault.address", "an address like https://vault.example.com:8200").or_variable("VAULT_ADDRESS");
const TOKEN: Key = Key::new("vault.token", "a token of the vault").or_variable("VAULT_TOKEN").secret();
const ROLE_ID: Key = Key::new("vault.role_id", "the id of an AppRole").secret();
const SECRET_ID: Key = Key::new("vault.secret_id", "the secret id of that AppRole").secret();
const APP_ROLE_MOUNT: Key = Key::new("vault.app_role_mount", "a path without slashes around it");
const AGENT_PATH: Key = Key::new("vault.agent_path_prefix", "a path without slashes around it")
    .or_variable("VAULT_AGENT_PATH_PREFIX");
const API: Key = Key::new("vault.api_prefix", "a path without slashes around it, or nothing")
    .or_variable("VAULT_API_PREFIX");
const KV_VERSION: Key = Key::new("vault.kv_version", "1 or 2");
const NAMESPACE: Key = Key::new("vault.namespace", "the name of a namespace");
const CA_FILE: Key = Key::new("vault.ca_file", "the path of a file with certificates in PEM form");
const CLIENT_CERTIFICATE: Key = Key::new(
    "vault.client_certificate_file",
    "the path of a file with a certificate and its key in PEM form",
);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KvVersion {
    One,
    Two,
}

#[derive(Clone, Debug)]
pub struct AppRole {
    pub role_id: SecretString,
    pub secret_id: SecretString,
    pub mount: String,
}

#[derive(Clone, Debug)]
pub struct VaultSettings {
    pub address: Url,
    pub token: Option<SecretString>,
    /// Takes precedence over the token.
    pub app_role: Option<AppRole>,
    pub agent_path_prefix: String,
    pub api_prefix: String,
    pub kv_version: KvVersion,
    pub namespace: Option<String>,
    pub ca_file: Option<PathBuf>,
    pub client_certificate_file: Option<PathBuf>,
}

impl VaultSettings {
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        fields.ignore_empty_section(SECTION);
        let configured = fields.has_section(SECTION, &["VAULT_ADDRESS", "VAULT_TOKEN"]);
        let address = fields.read(ADDRESS, http_url);
        let token = fields.read(TOKEN, secret);
        let role_id = fields.read(ROLE_ID, secret);
        let secret_id = fields.read(SECRET_ID, secret);
        let mount = fields.read(APP_ROLE_MOUNT, path).unwrap_or_else(|| "approle".to_owned());
        let agent_path_prefix = fields.read(AGENT_PATH, path).unwrap_or_else(|| "agent".to_owned());
        let api_prefix = fields.read(API, path_or_nothing).unwrap_or_else(|| "v1".to_owned());
        let kv_version = fields.read(KV_VERSION, kv_version).unwrap_or(KvVersion::One);
        let namespace = fields.read(NAMESPACE, text);
        let ca_file = fields.read(CA_FILE, text).map(PathBuf::from);
        let client_certificate_file = fields.read(CLIENT_CERTIFICATE, text).map(PathBuf::from);
        if !configured {
            return None;
        }
        if address.is_none() {
            fields.contradiction("vault.address", "is missing, and other keys of `vault` are set");
        }
        if role_id.is_some() != secret_id.is_some() {
            fields.contradiction("vault.role_id", "and `vault.secret_id` go together");
        }
        if token.is_none() && role_id.is_none() {
            fields.contradiction("vault.token", "is missing, and other keys of `vault` are set");
        }
        let app_role =
            role_id.zip(secret_id).map(|(role_id, secret_id)| AppRole { role_id, secret_id, mount });
        Some(Self {
            address: address?,
            token,
            app_role,
            agent_path_prefix,
            api_prefix,
            kv_version,
            namespace,
            ca_file,
            client_certificate_file,
        })
    }
}

pub(super) fn path(value: &str) -> Option<String> {
    text(value).filter(|path| path.split('/').all(is_segment))
}

fn path_or_nothing(value: &str) -> Option<String> {
    if value.is_empty() { Some(String::new()) } else { path(value) }
}

fn is_segment(segment: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | '~');
    !segment.is_empty() && segment.chars().all(plain) && segment != "." && segment != ".."
}

fn kv_version(value: &str) -> Option<KvVersion> {
    match value {
        "1" => Some(KvVersion::One),
        "2" => Some(KvVersion::Two),
        _ => None,
    }
}
