//! How a command ended: its result, its failure, or both.

use serde_json::{Value, json};

use super::failure::Failure;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct CommandOutcome {
    pub result: Option<Value>,
    /// `Some`: the command failed.
    pub failure: Option<Failure>,
}

impl CommandOutcome {
    pub fn done(result: Value) -> Self {
        Self { result: Some(result), failure: None }
    }

    pub fn failed(failure: Failure) -> Self {
        Self { result: None, failure: Some(failure) }
    }

    pub fn errors(&self) -> Option<Vec<Value>> {
        self.failure.as_ref().map(|failure| vec![json!({"code": failure.code, "message": failure.message})])
    }
}

impl From<Result<Value, Failure>> for CommandOutcome {
    fn from(result: Result<Value, Failure>) -> Self {
        match result {
            Ok(value) => Self::done(value),
            Err(failure) => Self::failed(failure),
        }
    }
}
