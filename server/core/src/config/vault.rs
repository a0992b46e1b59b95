//! `vault`: where agents fetch their tokens after a rotation. Without an address nothing is copied there.

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
const AGENT_PATH: Key = Key::new("vault.agent_path_prefix", "a path without slashes around it")
    .or_variable("VAULT_AGENT_PATH_PREFIX");
const API: Key =
    Key::new("vault.api_prefix", "a path without slashes around it").or_variable("VAULT_API_PREFIX");

#[derive(Clone, Debug)]
pub struct VaultSettings {
    pub address: Url,
    pub token: SecretString,
    pub agent_path_prefix: String,
    pub api_prefix: String,
}

impl VaultSettings {
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        fields.ignore_empty_section(SECTION);
        let configured = fields.has_section(SECTION, &["VAULT_ADDRESS", "VAULT_TOKEN"]);
        let address = fields.read(ADDRESS, http_url);
        let token = fields.read(TOKEN, secret);
        let agent_path_prefix = fields.read(AGENT_PATH, path).unwrap_or_else(|| "agent".to_owned());
        let api_prefix = fields.read(API, path).unwrap_or_else(|| "v1".to_owned());
        if !configured {
            return None;
        }
        if address.is_none() {
            fields.contradiction("vault.address", "is missing, and other keys of `vault` are set");
        }
        if token.is_none() {
            fields.contradiction("vault.token", "is missing, and other keys of `vault` are set");
        }
        Some(Self { address: address?, token: token?, agent_path_prefix, api_prefix })
    }
}

fn path(value: &str) -> Option<String> {
    text(value).filter(|path| !path.starts_with('/') && !path.ends_with('/'))
}
