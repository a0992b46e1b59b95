//! What a project or a file `.stacker.yaml` asks of the rules: a profile, and the severity of single codes. Only data, because a
//! stack stores it; the engine is in `check`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::Severity;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CheckProfile))]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// What most people want to know.
    #[default]
    Recommended,
    /// Everything.
    Strict,
    /// What stops the stack, and what an attacker could use.
    Security,
}

impl Profile {
    pub const ALL: [Self; 3] = [Self::Recommended, Self::Strict, Self::Security];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::Strict => "strict",
            Self::Security => "security",
        }
    }
}

/// The severity that a code gets, or that it is not reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CheckLevel))]
#[serde(rename_all = "lowercase", try_from = "serde_json::Value")]
pub enum Level {
    Off,
    Hint,
    Warning,
    Error,
}

impl Level {
    /// `None` if it is not reported.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Hint => Some(Severity::Hint),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

impl TryFrom<serde_json::Value> for Level {
    type Error = &'static str;

    /// YAML readers take a plain `off` for false.
    fn try_from(value: serde_json::Value) -> Result<Self, &'static str> {
        match value {
            serde_json::Value::Bool(false) => Ok(Self::Off),
            serde_json::Value::String(word) => match word.as_str() {
                "off" => Ok(Self::Off),
                "hint" => Ok(Self::Hint),
                "warning" => Ok(Self::Warning),
                "error" => Ok(Self::Error),
                _ => Err("a severity is one of off, hint, warning, error"),
            },
            _ => Err("a severity is one of off, hint, warning, error"),
        }
    }
}

/// `{"profile": "strict", "rules": {"image-unpinned": "off"}}`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CheckSettings))]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub profile: Profile,
    /// By code. Codes that Compose itself reports keep their severity.
    pub rules: BTreeMap<String, Level>,
}
