//! The output of services, as pages read it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The result of `logs`, without repeated parts of the request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPage {
    /// Where the next page continues.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Lines were left out.
    #[serde(default)]
    pub truncated: bool,
    #[serde(default)]
    pub lines: Vec<LogLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    pub ts: DateTime<Utc>,
    /// `stdout` or `stderr`.
    pub stream: String,
    pub message: String,
}
