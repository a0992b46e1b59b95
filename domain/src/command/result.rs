//! The shapes of the results of known commands. A result with another shape is still stored, with a remark.

use chrono::{DateTime, Utc};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{CommandKind, CommandType};

/// Rejects a result of the wrong shape. Types without a fixed shape are always accepted.
pub fn check_result(
    command_type: &CommandType,
    deployment_hash: &str,
    result: Option<&Value>,
) -> Result<(), String> {
    let kind = match command_type.kind() {
        Some(kind @ (CommandKind::Health | CommandKind::Logs | CommandKind::Restart)) => kind,
        _ => return Ok(()),
    };
    let name = kind.as_str();
    let result = result.filter(|value| !value.is_null());
    let result = result.ok_or_else(|| format!("{name} result payload is required"))?;
    let head: Head = read(name, result)?;
    if head.r#type != name {
        return Err(format!("{name} result must include type='{name}'"));
    }
    if head.deployment_hash != deployment_hash {
        return Err(format!("{name} result deployment_hash mismatch"));
    }
    if head.app_code.trim().is_empty() {
        return Err(format!("{name}.app_code is required"));
    }
    match kind {
        CommandKind::Health => {
            let health: Health = read(name, result)?;
            let is_object =
                health.metrics.as_ref().is_none_or(|metrics| metrics.is_object() || metrics.is_null());
            if is_object { Ok(()) } else { Err("health.metrics must be an object".to_owned()) }
        }
        CommandKind::Logs => read::<Logs>(name, result).map(drop),
        _ => read::<Restart>(name, result).map(drop),
    }
}

fn read<T: DeserializeOwned>(name: &str, result: &Value) -> Result<T, String> {
    T::deserialize(result).map_err(|error| format!("Invalid {name} result: {error}"))
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    r#type: String,
    #[serde(default)]
    deployment_hash: String,
    #[serde(default)]
    app_code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum ContainerState {
    Running,
    Exited,
    Starting,
    Failed,
    Unknown,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum HealthWord {
    Ok,
    Unhealthy,
    Unknown,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum RestartWord {
    Ok,
    Failed,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Stream {
    Stdout,
    Stderr,
}

#[derive(Deserialize)]
struct Health {
    #[serde(rename = "status")]
    _status: HealthWord,
    #[serde(rename = "container_state")]
    _container_state: ContainerState,
    #[serde(default, rename = "last_heartbeat_at")]
    _last_heartbeat_at: Option<DateTime<Utc>>,
    #[serde(default)]
    metrics: Option<Value>,
}

#[derive(Deserialize)]
struct Logs {
    #[serde(default, rename = "cursor")]
    _cursor: Option<String>,
    #[serde(default, rename = "lines")]
    _lines: Vec<LogLine>,
    #[serde(default, rename = "truncated")]
    _truncated: bool,
}

#[derive(Deserialize)]
struct LogLine {
    #[serde(rename = "ts")]
    _ts: DateTime<Utc>,
    #[serde(rename = "stream")]
    _stream: Stream,
    #[serde(rename = "message")]
    _message: String,
    #[serde(default, rename = "redacted")]
    _redacted: bool,
}

#[derive(Deserialize)]
struct Restart {
    #[serde(rename = "status")]
    _status: RestartWord,
    #[serde(rename = "container_state")]
    _container_state: ContainerState,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(name: &str, result: Value) -> Result<(), String> {
        check_result(&CommandType::parse(name).unwrap(), "h", Some(&result))
    }

    #[test]
    fn a_whole_result_is_right() {
        let health = json!({"type": "health", "deployment_hash": "h", "app_code": "web", "status": "ok",
            "container_state": "running", "metrics": {"cpu_pct": 1.5}});
        assert_eq!(check("health", health), Ok(()));
        let logs = json!({"type": "logs", "deployment_hash": "h", "app_code": "web",
            "lines": [{"ts": "2026-01-01T00:00:00Z", "stream": "stdout", "message": "up"}]});
        assert_eq!(check("logs", logs), Ok(()));
    }

    #[test]
    fn what_is_missing_or_foreign_is_named() {
        assert_eq!(
            check_result(&CommandType::from(CommandKind::Health), "h", None),
            Err("health result payload is required".to_owned())
        );
        assert_eq!(check("restart", json!({})), Err("restart result must include type='restart'".to_owned()));
        let foreign = json!({"type": "restart", "deployment_hash": "x", "app_code": "web"});
        assert_eq!(check("restart", foreign), Err("restart result deployment_hash mismatch".to_owned()));
        let metrics = json!({"type": "health", "deployment_hash": "h", "app_code": "web", "status": "ok",
            "container_state": "running", "metrics": 3});
        assert_eq!(check("health", metrics), Err("health.metrics must be an object".to_owned()));
    }

    #[test]
    fn other_types_may_answer_what_they_like() {
        assert_eq!(check("backup", json!("done")), Ok(()));
        assert_eq!(check_result(&CommandType::from(CommandKind::Exec), "h", None), Ok(()));
    }
}
