//! `log`: level and format of the logs, and an optional file.

use std::path::PathBuf;

use tracing_subscriber::EnvFilter;

use super::{
    fields::{Fields, Key},
    values::{number, text},
};

const FORMAT: Key = Key::new("log.format", "pretty or json");
const LEVEL: Key = Key::new("log.level", "a filter like `info` or `info,sqlx=warn`").or_variable("RUST_LOG");
const FILE: Key = Key::new("log.file", "the path of a file");
const ROTATION: Key = Key::new("log.rotation", "one of daily, hourly, never");
const KEEP: Key = Key::new("log.keep_files", "a number, 1 or more");

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSettings {
    pub format: LogFormat,
    /// A filter in the syntax of `RUST_LOG`.
    pub level: String,
    pub file: Option<LogFile>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For reading in a terminal.
    Pretty,
    /// One JSON object per line.
    Json,
}

/// The log file always contains JSON lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFile {
    pub path: PathBuf,
    pub rotation: LogRotation,
    /// The number of files to keep; older ones are deleted.
    pub keep_files: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogRotation {
    Daily,
    Hourly,
    Never,
}

impl LogSettings {
    pub(super) fn read(fields: &mut Fields) -> Self {
        fields.ignore_empty_section("log");
        let rotation = fields.read(ROTATION, rotation);
        let keep_files = fields.read(KEEP, positive_count);
        let file = fields.read(FILE, text);
        if file.is_none() && rotation.is_some() {
            fields.contradiction("log.rotation", "is set, and there is no `log.file` to rotate");
        }
        if file.is_none() && keep_files.is_some() {
            fields.contradiction("log.keep_files", "is set, and there is no `log.file` to keep");
        }
        let default = Self::default();
        Self {
            format: fields.read(FORMAT, format).unwrap_or(default.format),
            level: fields.read(LEVEL, filter).unwrap_or(default.level),
            file: file.map(|path| LogFile {
                path: path.into(),
                rotation: rotation.unwrap_or(LogRotation::Daily),
                keep_files: keep_files.unwrap_or(14),
            }),
        }
    }

    pub(super) fn validate(&self, fields: &mut Fields) {
        if self.file.as_ref().is_some_and(|file| file.path.file_name().is_none()) {
            fields.contradiction("log.file", "ends in a folder, expected the path of a file");
        }
    }
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { format: LogFormat::Pretty, level: "info".to_owned(), file: None }
    }
}

fn format(text: &str) -> Option<LogFormat> {
    match text {
        "pretty" => Some(LogFormat::Pretty),
        "json" => Some(LogFormat::Json),
        _ => None,
    }
}

fn rotation(text: &str) -> Option<LogRotation> {
    match text {
        "daily" => Some(LogRotation::Daily),
        "hourly" => Some(LogRotation::Hourly),
        "never" => Some(LogRotation::Never),
        _ => None,
    }
}

fn filter(value: &str) -> Option<String> {
    text(value).filter(|filter| EnvFilter::try_new(filter).is_ok())
}

fn positive_count(text: &str) -> Option<usize> {
    number(text).filter(|count| *count > 0)
}
