//! The real Vault client, on vaultrs.
//!
//! A secret is written as `{"data": {"token": …, "deployment_hash": …}}`. KV version 2 requires this envelope, and a segment
//! `data` in the path after the mount; with version 1, legacy agents expect the same structure. So the plain calls of version 1
//! serve both versions.

use std::{collections::HashMap, fmt, fs, path::Path, time::Duration};

use anyhow::{Context as _, anyhow};
use async_trait::async_trait;
use reqwest::{Certificate, Identity, StatusCode, header::HeaderValue};
use rustify::errors::ClientError as WireError;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use tokio::sync::RwLock;
use url::{Position, Url};
use vaultrs::{
    auth::approle,
    client::{Client as _, VaultClient as Connection, VaultClientSettingsBuilder},
    error::ClientError,
    kv1,
};

use crate::{
    config::{AppRole, KvVersion, VaultSettings},
    connectors::{
        http_client,
        vault::secret_store::{SecretStore, StoreError},
    },
};

const TIMEOUT: Duration = Duration::from_secs(5);
/// Old release notes document the first name, agents read the second.
const NAMES: [&str; 2] = ["token", "status_panel_token"];

/// One operation on a path.
#[derive(Clone, Copy)]
pub(super) enum Call<'a> {
    Write(&'a HashMap<&'a str, Value>),
    Read,
    Delete,
}

impl Call<'_> {
    /// Returns `null` for everything but a read.
    async fn on(self, vault: &Connection, folder: &str, path: &str) -> Result<Value, ClientError> {
        match self {
            Self::Write(body) => kv1::set(vault, folder, path, body).await.map(|()| Value::Null),
            Self::Read => kv1::get(vault, folder, path).await,
            Self::Delete => kv1::delete(vault, folder, path).await.map(|()| Value::Null),
        }
    }
}

pub struct VaultClient {
    /// Holds the token in use: the configured one, or the one of the AppRole session.
    connection: RwLock<Connection>,
    app_role: Option<AppRole>,
    /// The path without its last segments, which name the deployment and the secret.
    folder: String,
    address: Url,
}

impl VaultClient {
    /// Reads the certificate files named in the settings.
    pub fn new(settings: VaultSettings) -> anyhow::Result<Self> {
        let mut connection = Connection::new(
            VaultClientSettingsBuilder::default()
                // Every key is set, because vaultrs takes missing ones from the environment variables of the `vault` program.
                .address(settings.address.as_str())
                .ca_certs(Vec::new())
                .identity(None)
                .token("")
                .verify(true)
                .namespace(settings.namespace.clone())
                .build()?,
        )
        .context("preparing to ask the vault")?;
        // Set directly, because vaultrs supports neither a path in the address, nor an API prefix other than `v1`, nor disabled
        // redirects.
        connection.http.http = http_client_of(&settings)?;
        connection.http.base = settings.address[..Position::BeforePath].to_owned();
        let address_path = settings.address.path().trim_matches('/');
        connection.middle.version = [address_path, settings.api_prefix.as_str()]
            .iter()
            .filter(|part| !part.is_empty())
            .fold(String::new(), |path, part| format!("{path}/{part}"));
        for value in settings.namespace.iter() {
            HeaderValue::from_str(value).context("vault.namespace cannot be sent in a header")?;
        }
        if let (None, Some(token)) = (&settings.app_role, &settings.token) {
            set_token(&mut connection, token).context("vault.token")?;
        }
        Ok(Self {
            connection: RwLock::new(connection),
            folder: folder(&settings),
            app_role: settings.app_role,
            address: settings.address,
        })
    }

    async fn ask(&self, deployment_hash: &str, name: &str, call: Call<'_>) -> Result<Value, StoreError> {
        self.ask_at(&self.folder, &path(deployment_hash, name)?, call).await
    }

    /// Signs in again and repeats the call once if the AppRole session has expired.
    pub(super) async fn ask_at(&self, folder: &str, path: &str, call: Call<'_>) -> Result<Value, StoreError> {
        let token = {
            let connection = self.connection.read().await;
            if self.app_role.is_none() || !connection.middle.token.is_empty() {
                match call.on(&connection, folder, path).await {
                    Err(error)
                        if status_of(&error) == Some(StatusCode::FORBIDDEN) && self.app_role.is_some() => {}
                    answer => return answer.map_err(store_error),
                }
            }
            connection.middle.token.clone()
        };
        let mut connection = self.connection.write().await;
        // Skipped if another call has signed in meanwhile.
        if let Some(role) = &self.app_role
            && connection.middle.token == token
        {
            sign_in(&mut connection, role).await?;
        }
        call.on(&connection, folder, path).await.map_err(store_error)
    }
}

fn path(deployment_hash: &str, name: &str) -> Result<String, StoreError> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    if deployment_hash.is_empty() || !deployment_hash.chars().all(plain) {
        return Err(StoreError::Refused("this deployment's hash cannot be a name in the vault".to_owned()));
    }
    Ok(format!("{deployment_hash}/{name}"))
}

fn http_client_of(settings: &VaultSettings) -> anyhow::Result<reqwest::Client> {
    let read =
        |key: &str, path: &Path| fs::read(path).with_context(|| format!("reading {key} {}", path.display()));
    let mut builder = http_client::builder(TIMEOUT);
    if let Some(path) = &settings.ca_file {
        let certificates = Certificate::from_pem_bundle(&read("vault.ca_file", path)?)
            .with_context(|| format!("{} holds no certificates in PEM form", path.display()))?;
        builder = builder.tls_certs_merge(certificates);
    }
    if let Some(path) = &settings.client_certificate_file {
        let identity = Identity::from_pem(&read("vault.client_certificate_file", path)?)
            .with_context(|| format!("{} holds no certificate with its key", path.display()))?;
        builder = builder.identity(identity);
    }
    builder.build().context("preparing to ask the vault")
}

fn folder(settings: &VaultSettings) -> String {
    with_data(&settings.agent_path_prefix, settings.kv_version)
}

/// The path in the API: version 2 has a segment `data` after the mount.
pub(super) fn with_data(path: &str, version: KvVersion) -> String {
    let mut segments: Vec<&str> = path.split('/').collect();
    if version == KvVersion::Two && segments.get(1) != Some(&"data") {
        segments.insert(1, "data");
    }
    segments.join("/")
}

async fn sign_in(connection: &mut Connection, role: &AppRole) -> Result<(), StoreError> {
    connection.set_token("");
    let (role_id, secret_id) = (role.role_id.expose_secret(), role.secret_id.expose_secret());
    let session = approle::login(connection, &role.mount, role_id, secret_id).await.map_err(store_error)?;
    set_token(connection, &session.client_token.into()).map_err(|_| StoreError::NoToken)
}

/// vaultrs assumes that a token is a valid header value, so this is checked first.
fn set_token(connection: &mut Connection, token: &SecretString) -> anyhow::Result<()> {
    let token = token.expose_secret();
    HeaderValue::from_str(token).map_err(|_| anyhow!("has letters that cannot be sent in a header"))?;
    connection.set_token(token);
    Ok(())
}

#[async_trait]
impl SecretStore for VaultClient {
    async fn store_agent_token(&self, deployment_hash: &str, token: &SecretString) -> Result<(), StoreError> {
        let secret = json!({"token": token.expose_secret(), "deployment_hash": deployment_hash});
        let body = HashMap::from([("data", secret)]);
        for name in NAMES {
            self.ask(deployment_hash, name, Call::Write(&body)).await?;
        }
        Ok(())
    }

    async fn fetch_agent_token(&self, deployment_hash: &str) -> Result<SecretString, StoreError> {
        let secret = self.ask(deployment_hash, NAMES[0], Call::Read).await?;
        let token = secret.pointer("/data/token").and_then(Value::as_str);
        token.map(SecretString::from).ok_or(StoreError::NoToken)
    }

    async fn delete_agent_token(&self, deployment_hash: &str) -> Result<(), StoreError> {
        for name in NAMES {
            match self.ask(deployment_hash, name, Call::Delete).await {
                Ok(_) | Err(StoreError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn status_of(error: &ClientError) -> Option<StatusCode> {
    let code = match error {
        ClientError::APIError { code, .. } => code,
        ClientError::RestClientError { source: WireError::ServerResponseError { code, .. } } => code,
        _ => return None,
    };
    StatusCode::from_u16(*code).ok()
}

fn store_error(error: ClientError) -> StoreError {
    match status_of(&error) {
        Some(StatusCode::NOT_FOUND) => StoreError::NotFound,
        // Sealed, standby or overloaded.
        Some(status) if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            StoreError::Unavailable(format!("status {}", status.as_u16()))
        }
        Some(status) => StoreError::Refused(format!("status {}", status.as_u16())),
        None => without_status(error),
    }
}

fn without_status(error: ClientError) -> StoreError {
    match error {
        ClientError::RestClientError {
            source: WireError::RequestError { source, .. } | WireError::ResponseError { source },
        } => StoreError::Unavailable(match source.downcast::<reqwest::Error>() {
            // The URL is dropped because its path names a deployment.
            Ok(error) => error.without_url().to_string(),
            Err(_) => "no answer".to_owned(),
        }),
        _ => StoreError::NoToken,
    }
}

impl fmt::Debug for VaultClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.address.as_str();
        formatter.debug_struct("VaultClient").field("address", &address).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
