//! Parameters of commands. For known types, defaults are filled in and unknown keys removed; others pass through.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{CommandKind, CommandType};
use crate::deploy::{DeployStack, PlanStack, RemoveStack};

/// The error message must not change, because existing clients know it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidParameters(pub String);

/// The parameters as they are stored and sent. They are never null, because third-party agents fail on null.
pub fn normalise_parameters(
    command_type: &CommandType,
    parameters: Option<Value>,
) -> Result<Value, InvalidParameters> {
    let parameters = parameters.filter(|value| !value.is_null()).unwrap_or_else(|| json!({}));
    let Some(kind) = command_type.kind() else { return foreign(command_type, parameters) };
    // Without this check, Serde would read a list as an object.
    if !parameters.is_object() {
        return Err(InvalidParameters(format!("Invalid {} parameters: expected an object", kind.as_str())));
    }
    match kind {
        CommandKind::Health => {
            let health = read::<Health>(kind, parameters)?;
            with_app(kind, &health.app_code, &health)
        }
        CommandKind::Logs => {
            let mut logs = read::<Logs>(kind, parameters)?;
            if !(1..=1000).contains(&logs.limit) {
                return Err(InvalidParameters("logs.limit must be between 1 and 1000".to_owned()));
            }
            if logs.streams.is_empty() {
                logs.streams = both_streams();
            }
            if !logs.streams.iter().all(|stream| stream == "stdout" || stream == "stderr") {
                return Err(InvalidParameters("logs.streams must be one of: stdout, stderr".to_owned()));
            }
            with_app(kind, &logs.app_code, &logs)
        }
        CommandKind::Restart => {
            let restart = read::<Restart>(kind, parameters)?;
            with_app(kind, &restart.app_code, &restart)
        }
        CommandKind::DeployStack => rewritten::<DeployStack>(kind, parameters),
        CommandKind::PlanStack => rewritten::<PlanStack>(kind, parameters),
        CommandKind::RemoveStack => rewritten::<RemoveStack>(kind, parameters),
        CommandKind::Cancel => rewritten::<CancelCommand>(kind, parameters),
        // Third-party agents support more keys of these types, so only the required ones are checked.
        CommandKind::Start
        | CommandKind::Stop
        | CommandKind::Exec
        | CommandKind::DeployApp
        | CommandKind::RemoveApp
        | CommandKind::TriggerPipe => {
            let app = parameters.get("app_code").and_then(Value::as_str).unwrap_or_default();
            if app.trim().is_empty() {
                return Err(app_is_required(kind));
            }
            let parameters = without_nulls(parameters);
            match kind {
                CommandKind::Exec => {
                    if !is_command(parameters.get("command")) {
                        return Err(InvalidParameters("exec.command is required".to_owned()));
                    }
                    check_timeout(kind, &parameters, 120)?;
                }
                CommandKind::Stop => check_timeout(kind, &parameters, 300)?,
                _ => {}
            }
            Ok(parameters)
        }
        CommandKind::ListContainers | CommandKind::ServerResources => Ok(without_nulls(parameters)),
    }
}

/// Checks the parameters of types that third-party agents run. Unknown types pass unchecked.
fn foreign(command_type: &CommandType, parameters: Value) -> Result<Value, InvalidParameters> {
    let Some(foreign) = command_type.foreign() else { return Ok(parameters) };
    let parameters = without_nulls(parameters);
    let Value::Object(object) = &parameters else {
        return Err(InvalidParameters(format!("Invalid {} parameters: expected an object", foreign.name)));
    };
    foreign.check(object).map_err(InvalidParameters)?;
    Ok(parameters)
}

/// Removes keys that are null, because third-party agents reject them. They accept keys that are absent.
fn without_nulls(mut parameters: Value) -> Value {
    if let Value::Object(object) = &mut parameters {
        object.retain(|_, value| !value.is_null());
    }
    parameters
}

/// Whether the value is a command line, or a list of a program and its arguments.
fn is_command(command: Option<&Value>) -> bool {
    match command {
        Some(Value::String(line)) => !line.trim().is_empty(),
        Some(Value::Array(words)) => !words.is_empty() && words.iter().all(Value::is_string),
        _ => false,
    }
}

fn check_timeout(kind: CommandKind, parameters: &Value, most: u64) -> Result<(), InvalidParameters> {
    let Some(timeout) = parameters.get("timeout") else { return Ok(()) };
    if timeout.as_u64().is_some_and(|seconds| (1..=most).contains(&seconds)) {
        return Ok(());
    }
    Err(InvalidParameters(format!("{}.timeout must be between 1 and {most}", kind.as_str())))
}

/// Parameters of `cancel`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelCommand {
    /// The command to cancel.
    pub command_id: String,
}

#[derive(Serialize, Deserialize)]
struct Health {
    #[serde(default)]
    app_code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    container: Option<String>,
    #[serde(default = "yes")]
    include_metrics: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    include_system: Option<bool>,
}

#[derive(Serialize, Deserialize)]
struct Logs {
    #[serde(default)]
    app_code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    container: Option<String>,
    #[serde(default)]
    cursor: Option<String>,
    #[serde(default = "most_lines")]
    limit: i32,
    #[serde(default = "both_streams")]
    streams: Vec<String>,
    #[serde(default = "yes")]
    redact: bool,
}

#[derive(Serialize, Deserialize)]
struct Restart {
    #[serde(default)]
    app_code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    container: Option<String>,
    #[serde(default)]
    force: bool,
}

fn yes() -> bool {
    true
}

fn most_lines() -> i32 {
    400
}

fn both_streams() -> Vec<String> {
    vec!["stdout".to_owned(), "stderr".to_owned()]
}

fn read<T: DeserializeOwned>(kind: CommandKind, parameters: Value) -> Result<T, InvalidParameters> {
    serde_json::from_value(parameters)
        .map_err(|error| InvalidParameters(format!("Invalid {} parameters: {error}", kind.as_str())))
}

fn write<T: Serialize>(kind: CommandKind, parameters: &T) -> Result<Value, InvalidParameters> {
    serde_json::to_value(parameters)
        .map_err(|error| InvalidParameters(format!("Invalid {} parameters: {error}", kind.as_str())))
}

fn rewritten<T: DeserializeOwned + Serialize>(
    kind: CommandKind,
    parameters: Value,
) -> Result<Value, InvalidParameters> {
    write(kind, &read::<T>(kind, parameters)?)
}

fn with_app<T: Serialize>(
    kind: CommandKind,
    app_code: &str,
    parameters: &T,
) -> Result<Value, InvalidParameters> {
    if app_code.trim().is_empty() {
        return Err(app_is_required(kind));
    }
    write(kind, parameters)
}

fn app_is_required(kind: CommandKind) -> InvalidParameters {
    InvalidParameters(format!("{}.app_code is required", kind.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(name: &str, parameters: Value) -> Result<Value, String> {
        normalise_parameters(&CommandType::parse(name).unwrap(), Some(parameters))
            .map_err(|problem| problem.0)
    }

    #[test]
    fn defaults_are_filled_in_and_unknown_keys_go() {
        assert_eq!(
            normalised("logs", json!({"app_code": "web", "streams": [], "x": 1})),
            Ok(
                json!({"app_code": "web", "cursor": null, "limit": 400, "streams": ["stdout", "stderr"], "redact": true})
            )
        );
        assert_eq!(
            normalised("restart", json!({"app_code": "web"})),
            Ok(json!({"app_code": "web", "force": false}))
        );
    }

    #[test]
    fn what_is_wrong_is_said_as_clients_know_it() {
        assert_eq!(normalised("health", json!({})), Err("health.app_code is required".to_owned()));
        assert_eq!(normalised("stop", json!({"app_code": " "})), Err("stop.app_code is required".to_owned()));
        assert_eq!(
            normalised("logs", json!({"app_code": "a", "limit": 0})),
            Err("logs.limit must be between 1 and 1000".to_owned())
        );
        assert!(normalised("logs", json!([])).unwrap_err().starts_with("Invalid logs parameters: "));
    }

    #[test]
    fn what_an_agent_would_fail_on_is_refused_before_it_gets_there() {
        for (name, parameters, problem) in [
            ("exec", json!({"app_code": "web"}), "exec.command is required"),
            ("exec", json!({"app_code": "web", "command": " "}), "exec.command is required"),
            (
                "exec",
                json!({"app_code": "web", "command": "ls", "timeout": 121}),
                "exec.timeout must be between 1 and 120",
            ),
            ("stop", json!({"app_code": "web", "timeout": "30"}), "stop.timeout must be between 1 and 300"),
            ("fetch_config", json!({}), "fetch_config.app_code is required"),
            (
                "stacker.apply_config",
                json!({"app_code": "web", "config_content": "x"}),
                "apply_config.destination_path is required",
            ),
            (
                "configure_proxy",
                json!({"app_code": "web", "domain_names": ["a.example"], "forward_port": 0}),
                "configure_proxy.forward_port must be between 1 and 65535",
            ),
            (
                "configure_firewall",
                json!({"action": "open"}),
                "configure_firewall.action must be one of: add, remove, list, flush",
            ),
            ("error_summary", json!({"hours": 0}), "error_summary.hours must be a whole number, 1 or more"),
            ("config_diff", json!([]), "Invalid config_diff parameters: expected an object"),
        ] {
            assert_eq!(normalised(name, parameters), Err(problem.to_owned()), "{name}");
        }
    }

    #[test]
    fn keys_an_agent_knows_are_kept_and_nulls_are_left_out() {
        assert_eq!(
            normalised("health", json!({"app_code": "web", "include_system": true})),
            Ok(json!({"app_code": "web", "include_metrics": true, "include_system": true}))
        );
        assert_eq!(
            normalised("exec", json!({"app_code": "web", "command": ["ls"], "timeout": null, "x": 1})),
            Ok(json!({"app_code": "web", "command": ["ls"], "x": 1}))
        );
        assert_eq!(normalised("error_summary", json!({"hours": 24})), Ok(json!({"hours": 24})));
        assert_eq!(normalised("activate_pipe", json!({"pipe": "p"})), Ok(json!({"pipe": "p"})));
    }

    #[test]
    fn free_types_pass_through_and_nothing_becomes_an_object() {
        assert_eq!(normalised("backup", json!({"x": [1]})), Ok(json!({"x": [1]})));
        let backup = CommandType::parse("backup").unwrap();
        assert_eq!(normalise_parameters(&backup, None), Ok(json!({})));
        assert_eq!(normalise_parameters(&backup, Some(Value::Null)), Ok(json!({})));
    }
}
