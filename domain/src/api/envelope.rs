//! The envelope of all answers.

use serde::{Deserialize, Serialize};

use crate::refusal::Question;

/// Success: always `message`, the other fields where they apply.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Envelope<T, M = serde_json::Value> {
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i32>,
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub item: Option<T>,
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub list: Option<Vec<T>>,
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub meta: Option<M>,
}

fn none<T>() -> Option<T> {
    None
}

/// Failure. `code` is stable and kebab-case, `message` is for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    pub message: String,
    pub code: String,
    /// What has to be dealt with first: of `agreement-required`, the agreement to accept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Position in malformed JSON or YAML, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// For a refused edit that can be made in several ways: send one of the choices instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<Box<Question>>,
    /// After too many requests: seconds to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// A path into the body: `custom.web[0].shared_ports[1].host_port`.
    pub field: String,
    pub message: String,
}
