//! The agent's calls to the server, each signed as `docs/agents.md` specifies.

use std::{sync::Mutex, time::Duration};

use domain::{
    api::{Envelope, LeaveHost, ProgressAnswer, ReportCommand, ReportProgress},
    deploy::HostState,
};
use reqwest::{Client, Method, StatusCode, header};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{credentials::Credentials, delivered::Delivered, folder::Folder, http, signature::signed};

/// Longer responses are not read to their end.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// How long the server may hold a poll.
const HELD_SECS: u64 = 30;

pub struct Api {
    client: Client,
    folder: Folder,
    credentials: Mutex<Credentials>,
}

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The server accepts neither the current token nor the previous one.
    #[error("the server refuses the agent's token ({0})")]
    Unauthorised(StatusCode),
    /// Repeating the call would not change the answer.
    #[error("the server refuses it: {status} {message}")]
    Rejected { status: StatusCode, message: String },
    /// The call may succeed when it is repeated.
    #[error("{0}")]
    Trouble(String),
}

/// The result of a poll.
#[derive(Debug, Default)]
pub struct Polled {
    pub command: Option<Delivered>,
    /// When to poll again if there was no command.
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
    /// The new token, if the server has rotated it.
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
        // Waits a little longer than the server holds a poll, because some proxies answer held requests late.
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
            .map_err(|error| ApiError::Trouble(format!("a command is invalid: {error}")))?;
        Ok(Polled { command, next_poll })
    }

    pub async fn report(&self, report: &ReportCommand) -> Result<(), ApiError> {
        self.post("/api/v1/agent/commands/report", report).await.map(drop)
    }

    /// Reports progress. The answer tells whether the command has been cancelled in the meantime.
    pub async fn progress(&self, progress: &ReportProgress) -> Result<ProgressAnswer, ApiError> {
        let body = self.post("/api/v1/agent/commands/progress", progress).await?;
        let answer: Result<Envelope<ProgressAnswer>, _> = read(&body);
        let item = answer.ok().and_then(|envelope| envelope.item);
        Ok(item.unwrap_or(ProgressAnswer { accepted: true, cancelled: false }))
    }

    pub async fn state(&self, state: &HostState) -> Result<(), ApiError> {
        self.post("/api/v1/agent/state", state).await.map(drop)
    }

    /// Tells the server that this host leaves it.
    pub async fn leave(&self, leave: LeaveHost) -> Result<(), ApiError> {
        self.post("/api/v1/agent/leave", &leave).await.map(drop)
    }

    async fn post<T: Serialize + Sync>(&self, path: &str, body: &T) -> Result<Vec<u8>, ApiError> {
        let body = serde_json::to_vec(body).map_err(|error| ApiError::Trouble(error.to_string()))?;
        self.call(Method::POST, path, Some(body), Duration::from_secs(30)).await.map(|(_, body)| body)
    }

    /// Makes a call with the current token and, if that is refused, once more with the previous one.
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
        // Leaves the address out: it is not a secret, but need not be in every log line.
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

    /// Uses a new token only after it is on disk, so that a crash cannot lose it.
    fn take_token(&self, token: &str) {
        let mut credentials = self.locked();
        if token.is_empty() || credentials.agent_token == token {
            return;
        }
        let next = credentials.with_token(token);
        match next.store(&self.folder) {
            Ok(()) => *credentials = next,
            Err(error) => {
                tracing::error!("the new token cannot be stored; the old one stays in use: {error:#}")
            }
        }
    }

    /// Drops the new token: the server accepts only the previous one.
    fn go_back_to(&self, previous: &str) {
        let mut credentials = self.locked();
        if credentials.previous_token.as_deref() != Some(previous) {
            return;
        }
        let back =
            Credentials { agent_token: previous.to_owned(), previous_token: None, ..credentials.clone() };
        if back.store(&self.folder).is_ok() {
            *credentials = back;
            tracing::warn!("the server rejected the new token; the old one stays in use");
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
            tracing::info!("the server has accepted the new token");
        }
    }
}

fn sorted(status: StatusCode, answer: Vec<u8>) -> Result<(StatusCode, Vec<u8>), ApiError> {
    match status {
        status if status.is_success() => Ok((status, answer)),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(ApiError::Unauthorised(status)),
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS | StatusCode::TOO_EARLY => {
            Err(ApiError::Trouble(format!("the server asks to try again later ({status})")))
        }
        status if status.is_client_error() => Err(ApiError::Rejected { status, message: message(&answer) }),
        status if status.is_redirection() => Err(ApiError::Trouble(format!(
            "the server points elsewhere ({status}); join again with the address it really has"
        ))),
        status => Err(ApiError::Trouble(format!("the server answers {status}"))),
    }
}

/// The message of an error response: that of the envelope, otherwise the first line.
pub fn message(answer: &[u8]) -> String {
    let envelope: Option<Value> = serde_json::from_slice(answer).ok();
    let said = envelope.and_then(|value| value.get("message").and_then(Value::as_str).map(str::to_owned));
    let text =
        said.unwrap_or_else(|| String::from_utf8_lossy(answer).lines().next().unwrap_or_default().to_owned());
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}

/// The error with its causes: the outermost error of reqwest says only that something failed.
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
        .map_err(|error| ApiError::Trouble(format!("the server's answer is invalid: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_repeated_is_told_from_what_cannot() {
        let of =
            |code: u16| sorted(StatusCode::from_u16(code).unwrap(), br#"{"message": "no\u0000"}"#.to_vec());
        assert!(of(204).is_ok());
        assert!(matches!(of(401), Err(ApiError::Unauthorised(_))));
        assert!(matches!(of(404), Err(ApiError::Rejected { message, .. }) if message == "no"));
        for code in [302, 408, 429, 500, 503] {
            assert!(matches!(of(code), Err(ApiError::Trouble(_))), "{code}");
        }
    }
}
