//! What the rule engine says.

use serde::{Deserialize, Serialize};

use crate::{
    compose::{Place, Position},
    stack::Edit,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Compose will refuse the file, or it will not do what it says.
    Error,
    /// It will run, and it will hurt.
    Warning,
    /// Worth knowing.
    Hint,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Finding {
    /// Stable, kebab-case; listed in `docs/rules.md`.
    pub code: String,
    pub severity: Severity,
    /// Byte range of the text.
    pub place: Place,
    /// Where the place starts.
    pub position: Position,
    /// The service it is about, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// What is wrong and how to mend it.
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

/// Reading and the rules stop at as many each: nobody reads more, and each costs a walk through the text for its line.
pub const MOST_FINDINGS: usize = 1_000;

impl Finding {
    pub fn new(code: &str, severity: Severity, text: &str, place: Place, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            severity,
            place,
            position: Position::of(text, place.start),
            service: None,
            message: message.into(),
            fix: None,
        }
    }

    pub fn of_service(mut self, service: &str) -> Self {
        self.service = Some(service.to_owned());
        self
    }

    pub fn with_fix(mut self, label: impl Into<String>, edit: Edit) -> Self {
        self.fix = Some(Fix { label: label.into(), edit });
        self
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fix {
    /// What the button says: "Quote the port".
    pub label: String,
    pub edit: Edit,
}
