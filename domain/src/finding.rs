//! What reading and the check rules report about a compose file.
//!
//! This file is beside `compose` and not in `check`, because reading a file already produces findings. It imports
//! only plain data (`compose/place.rs`, `stack/edit.rs`), so that it does not depend on the code that reads or
//! checks.

use serde::{Deserialize, Serialize};

use crate::{
    compose::place::{Place, Position},
    stack::edit::Edit,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Compose rejects the file, or the file does not do what it states.
    Error,
    /// The stack runs, but with consequences the author does not want.
    Warning,
    /// Worth knowing.
    Hint,
}

/// Who would object to the file, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Compose rejects the file.
    Compose,
    /// Compose accepts the file, but the stack fails or is cut off when it starts.
    Runtime,
    /// The stack starts. This is what experience says about it.
    #[default]
    Advice,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Finding {
    /// Stable, kebab-case; listed in `docs/rules.md`.
    pub code: String,
    pub severity: Severity,
    /// Missing in findings of servers and agents before 0.4, which are read as advice.
    #[serde(default)]
    pub basis: Basis,
    /// Byte range of the text.
    pub place: Place,
    /// Where the place starts.
    pub position: Position,
    /// The service that the finding is about, if it is about a single one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// What is wrong and how to fix it.
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// One edit for every finding of this code in the file, where that makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix_all: Option<Fix>,
}

/// The maximum number of findings, both from reading and from the rules. No user reads more, and computing the line
/// of each finding scans the text.
pub const MOST_FINDINGS: usize = 1_000;

impl Finding {
    pub fn new(
        code: &str,
        (severity, basis): (Severity, Basis),
        text: &str,
        place: Place,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code: code.to_owned(),
            severity,
            basis,
            place,
            position: Position::of(text, place.start),
            service: None,
            message: message.into(),
            fix: None,
            fix_all: None,
        }
    }

    pub fn of_service(mut self, service: &str) -> Self {
        self.service = Some(service.to_owned());
        self
    }

    /// Overrides the basis that the rule states for its code.
    pub fn on_basis(self, basis: Basis) -> Self {
        Self { basis, ..self }
    }

    pub fn with_fix(mut self, label: impl Into<String>, edit: Edit) -> Self {
        self.fix = Some(Fix { label: label.into(), edit });
        self
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fix {
    /// The text of the button: "Quote the port".
    pub label: String,
    pub edit: Edit,
}
