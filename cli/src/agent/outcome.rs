//! How a command ended.

use std::borrow::Cow;

use serde_json::{Value, json};

/// What went wrong: `code` is stable and kebab-case, the message is for people and holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    pub code: Cow<'static, str>,
    pub message: String,
}

impl Problem {
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

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        Self::new("disk", format!("the agent's folder cannot be used: {error}"))
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    pub result: Option<Value>,
    /// Set: it failed.
    pub problem: Option<Problem>,
}

impl Outcome {
    pub fn done(result: Value) -> Self {
        Self { result: Some(result), problem: None }
    }

    pub fn failed(problem: Problem) -> Self {
        Self { result: None, problem: Some(problem) }
    }

    pub fn errors(&self) -> Option<Vec<Value>> {
        self.problem.as_ref().map(|problem| vec![json!({"code": problem.code, "message": problem.message})])
    }
}

impl From<Result<Value, Problem>> for Outcome {
    fn from(result: Result<Value, Problem>) -> Self {
        match result {
            Ok(value) => Self::done(value),
            Err(problem) => Self::failed(problem),
        }
    }
}
