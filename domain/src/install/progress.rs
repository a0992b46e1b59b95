//! What the install service reports on the exchange `install_progress`.
//!
//! The reader is tolerant, because installers differ: numbers may be texts, ids may be hashes, and what only describes the
//! step may be missing or have another type. A message is refused only if it cannot be assigned to a deployment or
//! to a status.

use serde_json::{Map, Value};

use crate::deploy::DeploymentStatus;

/// The largest body in bytes.
pub(super) const LARGEST_BODY: usize = 256 * 1024;
/// The longest message in bytes. The rest is cut off.
pub(super) const LONGEST_MESSAGE: usize = 4096;
/// The longest id of a message in bytes.
const LONGEST_ID: usize = 128;
/// The length of the column `deployment_hash`.
const LONGEST_HASH: usize = 128;
/// The length of the column `srv_ip`.
pub(super) const LONGEST_ADDRESS: usize = 50;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What the installer calls this message, if it says so. It names no deployment.
    pub id: Option<String>,
    /// At least one of the two names the deployment. If both are there, both have to fit.
    pub deployment_id: Option<i32>,
    pub deployment_hash: Option<String>,
    pub status: DeploymentStatus,
    /// What happens, for people; at most 4 kB, without control characters except line breaks and tabs. Can be empty.
    pub message: String,
    /// How far it has come, from 0 to 100, rounded down.
    pub percent: Option<u8>,
    /// 0 or absent: nothing special.
    pub alert: Option<i32>,
    /// The address of the machine, once it is known.
    pub srv_ip: Option<String>,
    pub ssh_port: Option<u16>,
}

/// Why a message cannot be used, however often it is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProgressError {
    #[error("the message has more than 256 KiB")]
    TooLarge,
    #[error("the message is not UTF-8")]
    NotText,
    #[error("the message is not a JSON object")]
    NotJson,
    #[error("the message names no deployment")]
    NoDeployment,
    #[error("the message has no status that an installer can report")]
    UnknownStatus,
}

impl ProgressError {
    /// Stable, for the dead-letter list.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::NotText => "not-utf-8",
            Self::NotJson => "not-json",
            Self::NoDeployment => "no-deployment",
            Self::UnknownStatus => "unknown-status",
        }
    }
}

impl Progress {
    pub fn read(body: &[u8]) -> Result<Self, ProgressError> {
        if body.len() > LARGEST_BODY {
            return Err(ProgressError::TooLarge);
        }
        let text = std::str::from_utf8(body).map_err(|_| ProgressError::NotText)?;
        let Ok(Value::Object(keys)) = serde_json::from_str(text) else { return Err(ProgressError::NotJson) };
        let (deployment_id, deployment_hash) = deployment(&keys).ok_or(ProgressError::NoDeployment)?;
        Ok(Self {
            id: written(&keys, "id", LONGEST_ID),
            deployment_id,
            deployment_hash,
            status: status(&keys).ok_or(ProgressError::UnknownStatus)?,
            message: keys.get("message").and_then(as_written).map(|text| clean(&text)).unwrap_or_default(),
            percent: keys.get("progress").and_then(percent),
            alert: keys.get("alert").and_then(whole).and_then(|alert| i32::try_from(alert).ok()),
            srv_ip: written(&keys, "srv_ip", LONGEST_ADDRESS),
            ssh_port: keys.get("ssh_port").and_then(whole).and_then(port),
        })
    }
}

/// The id and the hash of the deployment; `None` if there is neither. `deploy_id` can be either of them.
fn deployment(keys: &Map<String, Value>) -> Option<(Option<i32>, Option<String>)> {
    let deploy_id = keys.get("deploy_id");
    let id = deploy_id.and_then(whole).and_then(|id| i32::try_from(id).ok()).filter(|id| *id > 0);
    let hash = [keys.get("deployment_hash"), deploy_id].into_iter().flatten().find_map(hash);
    (id.is_some() || hash.is_some()).then_some((id, hash))
}

/// A text that can be the hash of a deployment, and is no number.
fn hash(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':');
    let is_hash = !text.is_empty() && text.len() <= LONGEST_HASH && text.bytes().all(allowed);
    (is_hash && text.parse::<i64>().is_err()).then(|| text.to_owned())
}

/// The status, if an installer can report it. `complete` and `cancelled` count where the status does not say how it ended.
fn status(keys: &Map<String, Value>) -> Option<DeploymentStatus> {
    let said = match keys.get("status").and_then(Value::as_str) {
        Some(word) => Some(reported(word)?),
        None => None,
    };
    let ends = |key: &str| keys.get(key).is_some_and(flag);
    let is_open = matches!(
        said,
        None | Some(DeploymentStatus::InProgress | DeploymentStatus::Confirmed | DeploymentStatus::WaitStart)
    );
    match said {
        _ if is_open && ends("cancelled") => Some(DeploymentStatus::Cancelled),
        _ if is_open && ends("complete") => Some(DeploymentStatus::Completed),
        said => said,
    }
}

fn reported(word: &str) -> Option<DeploymentStatus> {
    let word = word.trim().to_ascii_lowercase();
    let status = if word == "canceled" { "cancelled" } else { &word };
    DeploymentStatus::named(status)
        .filter(|status| !matches!(status, DeploymentStatus::Pending | DeploymentStatus::Removed))
}

fn flag(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_i64() == Some(1),
        Value::String(text) => matches!(text.trim().to_ascii_lowercase().as_str(), "true" | "1"),
        _ => false,
    }
}

/// A whole number, or a text that is one.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn port(number: i64) -> Option<u16> {
    u16::try_from(number).ok().filter(|port| *port > 0)
}

/// `42`, `42.5`, `"42"` or `"42%"`.
fn percent(value: &Value) -> Option<u8> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().trim_end_matches('%').trim_end().parse::<f64>().ok()?,
        _ => return None,
    };
    let whole = (0..=100_u8).rev().find(|whole| f64::from(*whole) <= number);
    if number.is_nan() { None } else { Some(whole.unwrap_or(0)) }
}

/// A text or a number, as text.
fn as_written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A short text in one line; `None` if it is empty or longer than `most` bytes.
fn written(keys: &Map<String, Value>, key: &str, most: usize) -> Option<String> {
    let text = as_written(keys.get(key)?)?;
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    let text = text.trim();
    (!text.is_empty() && text.len() <= most).then(|| text.to_owned())
}

/// The text without control characters, cut off at [`LONGEST_MESSAGE`].
fn clean(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')) {
        if out.len() + c.len_utf8() > LONGEST_MESSAGE {
            break;
        }
        out.push(c);
    }
    out
}
