//! Projects over REST and server functions.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::StoredJson;
use crate::{
    access::ProjectRole,
    check::{Finding, Settings, Suppressed},
    deploy::write_env_file,
    stack::{Canvas, Edit, SecretText, Values},
};

/// A project as existing clients know it, plus `version`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Project {
    pub id: i32,
    pub stack_id: Uuid,
    pub user_id: String,
    pub name: String,
    /// The normalised form, computed from the compose text.
    #[cfg_attr(feature = "openapi", schema(value_type = serde_json::Value))]
    pub metadata: StoredJson,
    /// The body as received, without credentials.
    #[cfg_attr(feature = "openapi", schema(value_type = serde_json::Value))]
    pub request_json: StoredJson,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub source_template_id: Option<Uuid>,
    pub template_version: Option<String>,
    /// Increases with every change; for conditional writes.
    pub version: i32,
}

/// `POST /project/import`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportProject {
    pub name: String,
    pub compose: String,
}

/// `PUT /project/{id}/compose`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReplaceCompose {
    /// The version that the text is based on; without it and without `If-Match`, the last writer wins.
    #[serde(default)]
    pub version: Option<i32>,
    pub compose: String,
}

/// `POST /project/{id}/edits`: all or nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApplyEdits {
    #[serde(default)]
    pub version: Option<i32>,
    pub edits: Vec<Edit>,
}

/// `POST /check`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckCompose {
    pub compose: String,
    /// The profile, and the severity of single codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checks: Option<Settings>,
}

/// `meta` of the answer to `POST /check`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckMeta {
    /// What comments and settings switched off.
    pub suppressed: Vec<Suppressed>,
}

/// An entry of the project list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectSummary {
    pub id: i32,
    pub name: String,
    pub services: Vec<String>,
    pub updated_at: DateTime<Utc>,
    pub version: i32,
    /// The caller's role in it.
    pub role: ProjectRole,
    /// For projects of other users.
    pub owner_name: Option<String>,
    /// Whether a variable of its file has a value beside the file.
    pub has_values: bool,
}

/// What the builder loads and saves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectDraft {
    pub id: i32,
    pub name: String,
    pub version: i32,
    pub compose: String,
    pub canvas: Canvas,
    /// Which variables have a value. Never the values themselves.
    #[serde(default)]
    pub values: Values,
    pub updated_at: DateTime<Utc>,
    /// The caller's role in it.
    pub role: ProjectRole,
}

/// `GET /project/{id}/env`: the values of the variables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectEnv {
    /// By name.
    pub values: BTreeMap<String, SecretText>,
    /// The file `.env` to put beside the compose file.
    pub file: SecretText,
}

impl ProjectEnv {
    pub fn of(values: BTreeMap<String, SecretText>) -> Self {
        let file = write_env_file(values.iter().map(|(name, value)| (name.as_str(), value.expose())));
        Self { values, file: SecretText::new(file) }
    }
}

/// `PUT /project/{id}/env`: null removes a value; variables that are not named keep theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetProjectEnv {
    #[serde(default)]
    pub version: Option<i32>,
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, Option<String>>))]
    pub values: BTreeMap<String, Option<SecretText>>,
}

/// `meta` of answers that hold findings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FindingsMeta {
    pub findings: Vec<Finding>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
}
