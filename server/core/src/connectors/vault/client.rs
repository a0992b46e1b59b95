//! The real Vault, over HTTP. By hand, because existing deployments may set the prefix of its API, which libraries fix
//! to `v1`; and because it is four calls.
//!
//! A secret is written as `{"data": {"token": …, "deployment_hash": …}}`. On KV version 2 that is its own envelope, and the
//! path has a segment `data` after the mount; on version 1 it is what agents of others read all the same.

use std::{fmt, fs, time::Duration};

use anyhow::Context as _;
use async_trait::async_trait;
use reqwest::{Certificate, Client, Identity, Method, RequestBuilder, Response, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use url::Url;

use super::{SecretStore, StoreError};
use crate::{
    config::{AppRole, KvVersion, VaultSettings},
    connectors::http_client,
};

const TIMEOUT: Duration = Duration::from_secs(5);
/// Old release notes name the first, agents read the second.
const NAMES: [&str; 2] = ["token", "status_panel_token"];

pub struct VaultClient {
    http: Client,
    settings: VaultSettings,
    /// Of an AppRole; taken anew when the vault no longer knows it.
    session: Mutex<Option<SecretString>>,
}

impl VaultClient {
    /// Reads the certificates that the settings name.
    pub fn new(settings: VaultSettings) -> anyhow::Result<Self> {
        let mut builder = http_client::builder(TIMEOUT);
        if let Some(path) = &settings.ca_file {
            let pem = fs::read(path).with_context(|| format!("reading vault.ca_file {}", path.display()))?;
            let certificates = Certificate::from_pem_bundle(&pem)
                .with_context(|| format!("{} holds no certificates in PEM form", path.display()))?;
            builder = builder.tls_certs_merge(certificates);
        }
        if let Some(path) = &settings.client_certificate_file {
            let pem = fs::read(path)
                .with_context(|| format!("reading vault.client_certificate_file {}", path.display()))?;
            let identity = Identity::from_pem(&pem)
                .with_context(|| format!("{} holds no certificate with its key", path.display()))?;
            builder = builder.identity(identity);
        }
        let http = builder.build().context("preparing to ask the vault")?;
        Ok(Self { http, settings, session: Mutex::new(None) })
    }

    fn url(&self, segments: &[&str]) -> Result<Url, StoreError> {
        let mut url = self.settings.address.clone();
        {
            let mut path = url.path_segments_mut().map_err(|()| {
                StoreError::Refused("the address of the vault cannot have a path".to_owned())
            })?;
            path.pop_if_empty().extend(self.settings.api_prefix.split('/').filter(|part| !part.is_empty()));
            path.extend(segments);
        }
        Ok(url)
    }

    fn secret_url(&self, deployment_hash: &str, name: &str) -> Result<Url, StoreError> {
        let mut segments: Vec<&str> = self.settings.agent_path_prefix.split('/').collect();
        if self.settings.kv_version == KvVersion::Two && segments.get(1) != Some(&"data") {
            segments.insert(1, "data");
        }
        segments.extend([deployment_hash, name]);
        self.url(&segments)
    }

    async fn send(&self, method: Method, url: Url, body: Option<&Value>) -> Result<Response, StoreError> {
        let token = self.token().await?;
        let answer = self.send_as(&token, method.clone(), url.clone(), body).await?;
        if answer.status() != StatusCode::FORBIDDEN || self.settings.app_role.is_none() {
            return Ok(answer);
        }
        // The session of the AppRole may have run out: once more with a new one.
        self.session.lock().await.take();
        let token = self.token().await?;
        self.send_as(&token, method, url, body).await
    }

    async fn send_as(
        &self,
        token: &SecretString,
        method: Method,
        url: Url,
        body: Option<&Value>,
    ) -> Result<Response, StoreError> {
        let mut request = self.request(method, url).header("X-Vault-Token", token.expose_secret());
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().await.map_err(unavailable)
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        let request = self.http.request(method, url);
        match &self.settings.namespace {
            Some(namespace) => request.header("X-Vault-Namespace", namespace),
            None => request,
        }
    }

    async fn token(&self) -> Result<SecretString, StoreError> {
        let Some(role) = &self.settings.app_role else {
            return Ok(self.settings.token.clone().unwrap_or_default());
        };
        let mut session = self.session.lock().await;
        if let Some(token) = session.as_ref() {
            return Ok(token.clone());
        }
        let token = self.log_in(role).await?;
        *session = Some(token.clone());
        Ok(token)
    }

    async fn log_in(&self, role: &AppRole) -> Result<SecretString, StoreError> {
        let mut segments = vec!["auth"];
        segments.extend(role.mount.split('/'));
        segments.push("login");
        let body =
            json!({"role_id": role.role_id.expose_secret(), "secret_id": role.secret_id.expose_secret()});
        let answer = self.request(Method::POST, self.url(&segments)?).json(&body).send().await;
        let answer = checked(answer.map_err(unavailable)?)?;
        let answer: Value = answer.json().await.map_err(unavailable)?;
        let token = answer.pointer("/auth/client_token").and_then(Value::as_str);
        token.map(SecretString::from).ok_or(StoreError::NoToken)
    }
}

#[async_trait]
impl SecretStore for VaultClient {
    async fn store_agent_token(&self, deployment_hash: &str, token: &SecretString) -> Result<(), StoreError> {
        let body = json!({"data": {"token": token.expose_secret(), "deployment_hash": deployment_hash}});
        for name in NAMES {
            let url = self.secret_url(deployment_hash, name)?;
            checked(self.send(Method::POST, url, Some(&body)).await?)?;
        }
        Ok(())
    }

    async fn fetch_agent_token(&self, deployment_hash: &str) -> Result<SecretString, StoreError> {
        let url = self.secret_url(deployment_hash, NAMES[0])?;
        let answer = checked(self.send(Method::GET, url, None).await?)?;
        let answer: Value = answer.json().await.map_err(unavailable)?;
        let token = answer.pointer("/data/data/token").and_then(Value::as_str);
        token.map(SecretString::from).ok_or(StoreError::NoToken)
    }

    async fn delete_agent_token(&self, deployment_hash: &str) -> Result<(), StoreError> {
        for name in NAMES {
            let url = self.secret_url(deployment_hash, name)?;
            match checked(self.send(Method::DELETE, url, None).await?) {
                Ok(_) | Err(StoreError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn checked(answer: Response) -> Result<Response, StoreError> {
    match answer.status() {
        status if status.is_success() => Ok(answer),
        StatusCode::NOT_FOUND => Err(StoreError::NotFound),
        // Sealed, standby, too busy.
        status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            Err(StoreError::Unavailable(format!("status {}", status.as_u16())))
        }
        status => Err(StoreError::Refused(format!("status {}", status.as_u16()))),
    }
}

/// Without the address: a path names a deployment.
fn unavailable(error: reqwest::Error) -> StoreError {
    StoreError::Unavailable(error.without_url().to_string())
}

impl fmt::Debug for VaultClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.settings.address.as_str();
        formatter.debug_struct("VaultClient").field("address", &address).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use wiremock::{
        Mock, MockServer, ResponseTemplate,
        matchers::{body_json, header, method, path},
    };

    use super::*;
    use crate::config::{Settings, Sources};

    async fn client(server: &MockServer, more: &str) -> VaultClient {
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
        let text = format!("vault:\n  address: {}/\n{more}", server.uri());
        let sources = Sources::default().with_text("configuration.yaml", &text);
        VaultClient::new(Settings::load(&sources).unwrap().vault.unwrap()).unwrap()
    }

    fn body() -> Value {
        json!({"data": {"token": "s3cret", "deployment_hash": "deployment_1"}})
    }

    async fn expect_stored(server: &MockServer, paths: [&str; 2], token: &str) {
        for at in paths {
            Mock::given(method("POST"))
                .and(path(at))
                .and(header("X-Vault-Token", token))
                .and(body_json(body()))
                .respond_with(ResponseTemplate::new(204))
                .expect(1)
                .mount(server)
                .await;
        }
    }

    #[tokio::test]
    async fn a_token_is_written_where_agents_of_either_kind_read_it() {
        let server = MockServer::start().await;
        expect_stored(
            &server,
            ["/v1/agent/deployment_1/token", "/v1/agent/deployment_1/status_panel_token"],
            "t",
        )
        .await;
        let client = client(&server, "  token: t\n").await;
        client.store_agent_token("deployment_1", &"s3cret".into()).await.unwrap();
    }

    #[tokio::test]
    async fn version_2_has_data_after_the_mount_whether_it_is_written_or_not() {
        for prefix in ["secret/agent", "secret/data/agent"] {
            let server = MockServer::start().await;
            let at = [
                "/v1/secret/data/agent/deployment_1/token",
                "/v1/secret/data/agent/deployment_1/status_panel_token",
            ];
            expect_stored(&server, at, "t").await;
            let more = format!("  token: t\n  kv_version: 2\n  agent_path_prefix: {prefix}\n");
            client(&server, &more).await.store_agent_token("deployment_1", &"s3cret".into()).await.unwrap();
        }
    }

    #[tokio::test]
    async fn an_app_role_logs_in_once_and_again_when_its_session_ran_out() {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path("/v1/auth/approle/login"))
            .and(body_json(json!({"role_id": "r", "secret_id": "s"})))
            .and(header("X-Vault-Namespace", "team"))
            .respond_with(
                ResponseTemplate::new(200).set_body_json(json!({"auth": {"client_token": "session"}})),
            )
            .expect(2)
            .mount(&server)
            .await;
        let secret = json!({"data": {"data": {"token": "s3cret"}}});
        Mock::given(method("GET"))
            .respond_with(ResponseTemplate::new(403))
            .up_to_n_times(1)
            .mount(&server)
            .await;
        Mock::given(method("GET"))
            .and(header("X-Vault-Token", "session"))
            .respond_with(ResponseTemplate::new(200).set_body_json(secret))
            .expect(2)
            .mount(&server)
            .await;
        let client = client(&server, "  role_id: r\n  secret_id: s\n  namespace: team\n").await;
        for _ in 0..2 {
            let token = client.fetch_agent_token("deployment_1").await.unwrap();
            assert_eq!(token.expose_secret(), "s3cret");
        }
    }

    #[tokio::test]
    async fn what_goes_wrong_tells_no_secret() {
        let server = MockServer::start().await;
        Mock::given(method("GET")).respond_with(ResponseTemplate::new(404)).mount(&server).await;
        Mock::given(method("POST")).respond_with(ResponseTemplate::new(503)).mount(&server).await;
        let client = client(&server, "  token: hunter2\n").await;
        assert_eq!(client.fetch_agent_token("deployment_1").await.unwrap_err(), StoreError::NotFound);
        let error = client.store_agent_token("deployment_1", &"s3cret".into()).await.unwrap_err();
        assert_eq!(error, StoreError::Unavailable("status 503".to_owned()));
        assert!(!format!("{client:?}").contains("hunter2"));
    }

    #[tokio::test]
    async fn a_hash_cannot_leave_its_path() {
        let server = MockServer::start().await;
        let client = client(&server, "  token: t\n").await;
        let url = client.secret_url("../../sys/x", "token").unwrap();
        assert_eq!(url.path(), "/v1/agent/..%2F..%2Fsys%2Fx/token");
    }
}
