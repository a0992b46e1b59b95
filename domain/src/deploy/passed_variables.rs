//! Variables that compose would read from its own environment: they get the values of the stack, never those of the agent.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Replaces `- NAME`, which compose would read from its environment, by the variable's value. The agent's own
/// environment is never used.
pub(super) fn pass_variables(service: &mut Map<String, Value>, variables: &BTreeMap<String, String>) {
    match service.get_mut("environment") {
        Some(Value::Object(entries)) => {
            entries.retain(|key, value| !value.is_null() || variables.contains_key(key));
            for (key, value) in entries.iter_mut().filter(|(_, value)| value.is_null()) {
                *value = variables.get(key).cloned().unwrap_or_default().into();
            }
        }
        Some(Value::Array(items)) => {
            let given = |item: &Value| {
                item.as_str().is_none_or(|text| text.contains('=') || variables.contains_key(text))
            };
            items.retain(given);
            for item in items.iter_mut() {
                if let Some(value) =
                    item.as_str().filter(|text| !text.contains('=')).and_then(|name| variables.get(name))
                {
                    *item = format!("{}={value}", item.as_str().unwrap_or_default()).into();
                }
            }
        }
        _ => {}
    }
}

/// Passes on a variable for a secret or config. Variables that control programs, such as `PATH`, are rejected.
pub(super) fn passed_variable(
    resource: &Map<String, Value>,
    variables: &BTreeMap<String, String>,
    passed: &mut BTreeMap<String, String>,
) -> Option<String> {
    let name = resource.get("environment")?.as_str()?;
    let steers = ["LD_", "DOCKER_", "COMPOSE_", "CONTAINER", "XDG_", "DBUS_", "SSL_", "PYTHON", "GO"];
    let known = ["PATH", "HOME", "TMPDIR", "IFS", "ENV", "BASH_ENV", "SHELL", "USER"];
    let valid = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let upper = name.to_ascii_uppercase();
    if !valid
        || known.contains(&upper.as_str())
        || upper.ends_with("_PROXY")
        || steers.iter().any(|prefix| upper.starts_with(prefix))
    {
        return Some(format!("`environment: {name}`: this variable isn't passed on; use another name"));
    }
    match variables.get(name) {
        Some(value) => {
            passed.insert(name.to_owned(), value.clone());
            None
        }
        None => Some(format!("the variable `{name}` needs a value")),
    }
}
