//! Why a command failed, as it is reported to the server.

use std::borrow::Cow;

/// `code` is stable and in kebab case; the message is for people and contains no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    pub code: Cow<'static, str>,
    pub message: String,
}

impl Failure {
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into() }
    }

    pub fn cancelled() -> Self {
        Self::new("cancelled", "it was cancelled")
    }

    pub fn is_cancelled(&self) -> bool {
        self.code == "cancelled"
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new("disk", format!("the agent's folder cannot be used: {error}"))
    }
}
