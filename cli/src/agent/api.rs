//! The calls of an agent, each signed: spec in `docs/agents.md`.

use std::{sync::Mutex, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    api::{
        AGENT_ID_HEADER, AGENT_SIGNATURE_HEADER, Envelope, ProgressAnswer, REQUEST_ID_HEADER, ReportCommand,
        ReportProgress, TIMESTAMP_HEADER,
    },
    command::CommandType,
    deploy::HostState,
};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, Method, RequestBuilder, StatusCode, header};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::Sha256;

use super::{ambient, credentials::Credentials, folder::Folder, http};

/// An answer longer than this is not read to its end.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// How long the server may hold a poll.
const HELD_SECS: u64 = 30;

pub struct Api {
    client: Client,
    folder: Folder,
    credentials: Mutex<Credentials>,
}

/// Why a call brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The server does not take the token, also not the one before.
    #[error("the server refuses the agent's token ({0})")]
    Unauthorised(StatusCode),
    /// It will not be answered otherwise when it is said again.
    #[error("the server refuses it: {status} {message}")]
    Refused { status: StatusCode, message: String },
    /// It may go well the next time.
    #[error("{0}")]
    Trouble(String),
}

/// A command as it is delivered. Read tolerantly: an agent is older than its server, or newer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivered {
    pub command_id: String,
    #[serde(default)]
    pub deployment_hash: String,
    pub r#type: CommandType,
    #[serde(default)]
    pub parameters: Value,
    #[serde(default)]
    pub timeout_seconds: Option<i32>,
}

/// What a poll brings.
#[derive(Debug, Default)]
pub struct Polled {
    pub command: Option<Delivered>,
    /// When to ask again, if there was nothing.
    pub next_poll: Duration,
}

#[derive(Deserialize)]
struct WaitAnswer {
    #[serde(default)]
    item: Option<Value>,
    #[serde(default)]
    meta: Option<WaitMeta>,
}

#[derive(Deserialize)]
struct WaitMeta {
    #[serde(default)]
    next_poll_secs: Option<f64>,
    /// After a rotation: the token to use from now on.
    #[serde(default)]
    next_token: Option<String>,
}

impl Api {
    pub fn new(folder: Folder) -> anyhow::Result<Self> {
        let credentials = Credentials::load(&folder)?;
        let client = http::client(credentials.ca.as_deref())?;
        Ok(Self { client, folder, credentials: Mutex::new(credentials) })
    }

    pub async fn wait(&self) -> Result<Polled, ApiError> {
        let channel = self.credentials().channel;
        let path = format!("/api/v1/agent/commands/wait/{channel}?timeout={HELD_SECS}");
        // Some proxies close what is held a little late.
        let (status, body) = self.call(Method::GET, &path, None, Duration::from_secs(HELD_SECS + 15)).await?;
        if status == StatusCode::NO_CONTENT {
            return Ok(Polled { next_poll: Duration::from_secs(1), ..Polled::default() });
        }
        let answer: WaitAnswer = read(&body)?;
        let meta = answer.meta.as_ref();
        if let Some(token) = meta.and_then(|meta| meta.next_token.as_deref()) {
            self.take_token(token);
        }
        let next_poll = meta.and_then(|meta| meta.next_poll_secs).unwrap_or(0.0);
        let next_poll =
            Duration::from_secs_f64(if next_poll.is_finite() { next_poll.clamp(0.0, 300.0) } else { 1.0 });
        let item = answer.item.filter(|item| item.as_object().is_some_and(|item| !item.is_empty()));
        let command = item
            .map(serde_json::from_value)
            .transpose()
            .map_err(|error| ApiError::Trouble(format!("a command cannot be understood: {error}")))?;
        Ok(Polled { command, next_poll })
    }

    pub async fn report(&self, report: &ReportCommand) -> Result<(), ApiError> {
        self.post("/api/v1/agent/commands/report", report).await.map(drop)
    }

    /// What the server knows about the command that others may have done meanwhile.
    pub async fn progress(&self, progress: &ReportProgress) -> Result<ProgressAnswer, ApiError> {
        let body = self.post("/api/v1/agent/commands/progress", progress).await?;
        let answer: Result<Envelope<ProgressAnswer>, _> = read(&body);
        let item = answer.ok().and_then(|envelope| envelope.item);
        Ok(item.unwrap_or(ProgressAnswer { accepted: true, cancelled: false }))
    }

    pub async fn state(&self, state: &HostState) -> Result<(), ApiError> {
        self.post("/api/v1/agent/state", state).await.map(drop)
    }

    async fn post<T: Serialize + Sync>(&self, path: &str, body: &T) -> Result<Vec<u8>, ApiError> {
        let body = serde_json::to_vec(body).map_err(|error| ApiError::Trouble(error.to_string()))?;
        self.call(Method::POST, path, Some(body), Duration::from_secs(30)).await.map(|(_, body)| body)
    }

    /// With the token, and when it is refused once with the one before.
    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
        timeout: Duration,
    ) -> Result<(StatusCode, Vec<u8>), ApiError> {
        let credentials = self.credentials();
        let (status, answer) = self
            .send(&credentials, &credentials.agent_token, method.clone(), path, body.clone(), timeout)
            .await?;
        if status != StatusCode::UNAUTHORIZED {
            if credentials.previous_token.is_some() && status.is_success() {
                self.confirm_token(&credentials.agent_token);
            }
            return sorted(status, answer);
        }
        let Some(previous) = &credentials.previous_token else { return sorted(status, answer) };
        let (status, answer) = self.send(&credentials, previous, method, path, body, timeout).await?;
        if status.is_success() {
            self.go_back_to(previous);
        }
        sorted(status, answer)
    }

    async fn send(
        &self,
        credentials: &Credentials,
        token: &str,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
        timeout: Duration,
    ) -> Result<(StatusCode, Vec<u8>), ApiError> {
        let request = self.client.request(method, format!("{}{path}", credentials.url)).timeout(timeout);
        let request = signed(request, &credentials.agent_id, token, body.as_deref().unwrap_or_default());
        let request = match body {
            Some(body) => request.header(header::CONTENT_TYPE, "application/json").body(body),
            None => request,
        };
        // The address may hold nothing secret, but it need not be in every line either.
        let trouble = |error: reqwest::Error| ApiError::Trouble(described(&error.without_url()));
        let mut response = request.send().await.map_err(trouble)?;
        let status = response.status();
        let mut answer = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(trouble)? {
            if answer.len() + chunk.len() > MOST_BYTES {
                return Err(ApiError::Trouble("the server's answer is too long".to_owned()));
            }
            answer.extend_from_slice(&chunk);
        }
        Ok((status, answer))
    }

    pub fn credentials(&self) -> Credentials {
        self.locked().clone()
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Credentials> {
        self.credentials.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Used only once it is on disk: a token that a crash could lose is worth nothing.
    fn take_token(&self, token: &str) {
        let mut credentials = self.locked();
        if token.is_empty() || credentials.agent_token == token {
            return;
        }
        let next = credentials.with_token(token);
        match next.store(&self.folder) {
            Ok(()) => *credentials = next,
            Err(error) => {
                tracing::error!("the new token cannot be kept, going on with the old one: {error:#}")
            }
        }
    }

    /// The server does not know the new one after all.
    fn go_back_to(&self, previous: &str) {
        let mut credentials = self.locked();
        if credentials.previous_token.as_deref() != Some(previous) {
            return;
        }
        let back =
            Credentials { agent_token: previous.to_owned(), previous_token: None, ..credentials.clone() };
        if back.store(&self.folder).is_ok() {
            *credentials = back;
            tracing::warn!("the server does not take the new token; going on with the one before");
        }
    }

    fn confirm_token(&self, token: &str) {
        let mut credentials = self.locked();
        if credentials.agent_token != token || credentials.previous_token.is_none() {
            return;
        }
        let confirmed = Credentials { previous_token: None, ..credentials.clone() };
        if confirmed.store(&self.folder).is_ok() {
            *credentials = confirmed;
            tracing::info!("the server has taken the new token");
        }
    }
}

/// The headers of `docs/agents.md`; the signature covers the body, byte for byte.
fn signed(request: RequestBuilder, agent_id: &str, token: &str, body: &[u8]) -> RequestBuilder {
    request
        .header(AGENT_ID_HEADER, agent_id)
        .header(TIMESTAMP_HEADER, ambient::now().timestamp().to_string())
        .header(REQUEST_ID_HEADER, ambient::new_id().to_string())
        .header(AGENT_SIGNATURE_HEADER, signature(token, body))
        .bearer_auth(token)
}

pub fn signature(token: &str, body: &[u8]) -> String {
    // Every length is a valid key of HMAC.
    Hmac::<Sha256>::new_from_slice(token.as_bytes())
        .map(|mut mac| {
            mac.update(body);
            STANDARD.encode(mac.finalize().into_bytes())
        })
        .unwrap_or_default()
}

fn sorted(status: StatusCode, answer: Vec<u8>) -> Result<(StatusCode, Vec<u8>), ApiError> {
    match status {
        status if status.is_success() => Ok((status, answer)),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(ApiError::Unauthorised(status)),
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS | StatusCode::TOO_EARLY => {
            Err(ApiError::Trouble(format!("the server asks to come back later ({status})")))
        }
        status if status.is_client_error() => Err(ApiError::Refused { status, message: message(&answer) }),
        status if status.is_redirection() => Err(ApiError::Trouble(format!(
            "the server points elsewhere ({status}); join again with the address it really has"
        ))),
        status => Err(ApiError::Trouble(format!("the server answers {status}"))),
    }
}

/// What an envelope says, or the first line.
pub fn message(answer: &[u8]) -> String {
    let envelope: Option<Value> = serde_json::from_slice(answer).ok();
    let said = envelope.and_then(|value| value.get("message").and_then(Value::as_str).map(str::to_owned));
    let text =
        said.unwrap_or_else(|| String::from_utf8_lossy(answer).lines().next().unwrap_or_default().to_owned());
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}

/// The error with its causes: the outermost of reqwest says only that something failed.
pub fn described(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body)
        .map_err(|error| ApiError::Trouble(format!("the server's answer cannot be understood: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_one_others_compute() {
        // printf '' | openssl dgst -sha256 -hmac token -binary | base64
        assert_eq!(
            signature("key", b"The quick brown fox jumps over the lazy dog"),
            "97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg="
        );
    }

    #[test]
    fn what_can_be_repeated_is_told_from_what_cannot() {
        let of =
            |code: u16| sorted(StatusCode::from_u16(code).unwrap(), br#"{"message": "no\u0000"}"#.to_vec());
        assert!(of(204).is_ok());
        assert!(matches!(of(401), Err(ApiError::Unauthorised(_))));
        assert!(matches!(of(404), Err(ApiError::Refused { message, .. }) if message == "no"));
        for code in [302, 408, 429, 500, 503] {
            assert!(matches!(of(code), Err(ApiError::Trouble(_))), "{code}");
        }
    }
}
