//! A client for programs that act as an agent: every request carries the bearer token and a signature.

use std::{fmt, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::api::{AGENT_ID_HEADER, AGENT_SIGNATURE_HEADER, REQUEST_ID_HEADER, TIMESTAMP_HEADER};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{Client, Method, Response};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use sha2::Sha256;

use crate::{connectors::http_client, context::Context};

/// Longer than the server holds a poll.
const TIMEOUT: Duration = Duration::from_secs(150);

/// The agent's side of the protocol. The README has an example.
#[derive(Clone)]
pub struct AgentClient {
    http: Client,
    base_url: String,
    agent_id: String,
    agent_token: SecretString,
    context: Context,
}

impl AgentClient {
    /// Trailing slashes of the address are ignored.
    pub fn new(
        base_url: impl Into<String>,
        agent_id: impl Into<String>,
        agent_token: impl Into<String>,
    ) -> Self {
        Self {
            // If our settings cannot be applied, a default client is used.
            http: http_client::build(TIMEOUT).unwrap_or_default(),
            base_url: base_url.into().trim_end_matches('/').to_owned(),
            agent_id: agent_id.into(),
            agent_token: SecretString::from(agent_token.into()),
            context: Context::of_the_machine(),
        }
    }

    /// Returns the answer with any status.
    pub async fn get(&self, path: &str) -> reqwest::Result<Response> {
        self.send(Method::GET, path, Vec::new()).await
    }

    /// `body` is sent as JSON; the signature covers exactly these bytes.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> reqwest::Result<Response> {
        // A value that cannot be written as JSON is sent as an empty body, which the server refuses.
        self.send(Method::POST, path, serde_json::to_vec(body).unwrap_or_default()).await
    }

    async fn send(&self, method: Method, path: &str, body: Vec<u8>) -> reqwest::Result<Response> {
        let separator = if path.starts_with('/') { "" } else { "/" };
        let mut request = self
            .http
            .request(method, format!("{}{separator}{path}", self.base_url))
            .bearer_auth(self.agent_token.expose_secret())
            .header(AGENT_ID_HEADER, &self.agent_id)
            .header(TIMESTAMP_HEADER, self.context.clock.now().timestamp())
            .header(REQUEST_ID_HEADER, self.context.random.uuid_v4().to_string())
            .header(AGENT_SIGNATURE_HEADER, self.signature(&body));
        if !body.is_empty() {
            request = request.header("Content-Type", "application/json").body(body);
        }
        request.send().await
    }

    /// HMAC-SHA256 of the body with the token as key, in base64.
    fn signature(&self, body: &[u8]) -> String {
        // HMAC accepts a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.agent_token.expose_secret().as_bytes()) else {
            return String::new();
        };
        mac.update(body);
        STANDARD.encode(mac.finalize().into_bytes())
    }
}

impl fmt::Debug for AgentClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AgentClient")
            .field("base_url", &self.base_url)
            .field("agent_id", &self.agent_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wiremock::{
        Mock, MockServer, ResponseTemplate,
        matchers::{header, header_exists, method, path},
    };

    use super::*;

    #[tokio::test]
    async fn every_request_carries_the_bearer_and_is_signed() {
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
        let server = MockServer::start().await;
        for (name, at) in [("GET", "/a"), ("POST", "/b")] {
            Mock::given(method(name))
                .and(path(at))
                .and(header("authorization", "Bearer key"))
                .and(header("x-agent-id", "7"))
                .and(header_exists("x-timestamp"))
                .and(header_exists("x-request-id"))
                .and(header_exists("x-agent-signature"))
                .respond_with(ResponseTemplate::new(202))
                .expect(1)
                .mount(&server)
                .await;
        }
        let client = AgentClient::new(format!("{}//", server.uri()), "7", "key");
        assert_eq!(client.get("a").await.unwrap().status(), 202);
        assert_eq!(client.post("/b", &json!({"a": 1})).await.unwrap().status(), 202);
        assert!(!format!("{client:?}").contains("key"));
    }

    #[test]
    fn the_signature_is_the_one_agents_know() {
        let client = AgentClient::new("http://x", "7", "key");
        // The well-known example of HMAC-SHA256 with the key "key".
        let signature = client.signature(b"The quick brown fox jumps over the lazy dog");
        assert_eq!(signature, "97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg=");
    }
}
