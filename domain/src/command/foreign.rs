//! Command types that only third-party agents run. To add a type, add a line to the table.

use serde_json::{Map, Value};

/// What the server knows about such a type. All of these types can be repeated safely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Foreign {
    pub name: &'static str,
    /// Whether `app_code` is required.
    needs_app: bool,
    /// Whether the command changes nothing on the host.
    pub only_looks: bool,
    /// Further text parameters that are required.
    texts: &'static [&'static str],
}

const fn looks(name: &'static str, needs_app: bool) -> Foreign {
    Foreign { name, needs_app, only_looks: true, texts: &[] }
}

const fn changes(name: &'static str, needs_app: bool, texts: &'static [&'static str]) -> Foreign {
    Foreign { name, needs_app, only_looks: false, texts }
}

pub(super) const FOREIGN: [Foreign; 11] = [
    looks("error_summary", false),
    looks("fetch_config", true),
    looks("fetch_all_configs", false),
    looks("config_diff", false),
    looks("probe_endpoints", true),
    changes("apply_config", true, &["config_content", "destination_path"]),
    changes("deploy_with_configs", true, &[]),
    changes("configure_proxy", true, &[]),
    changes("configure_firewall", false, &["action"]),
    changes("activate_pipe", false, &[]),
    changes("deactivate_pipe", false, &[]),
];

/// Finds a type by its short name.
pub(super) fn foreign(name: &str) -> Option<Foreign> {
    FOREIGN.into_iter().find(|foreign| foreign.name == name)
}

impl Foreign {
    /// Rejects parameters on which the agent would fail.
    pub fn check(self, parameters: &Map<String, Value>) -> Result<(), String> {
        let Self { name, needs_app, texts, .. } = self;
        let is_text = |key: &str| {
            parameters.get(key).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
        };
        let wanted = needs_app.then_some("app_code").into_iter().chain(texts.iter().copied());
        if let Some(missing) = wanted.into_iter().find(|key| !is_text(key)) {
            return Err(format!("{name}.{missing} is required"));
        }
        match name {
            "configure_proxy" => proxy(parameters),
            "configure_firewall" => firewall(parameters),
            "error_summary" => hours(parameters),
            _ => Ok(()),
        }
    }
}

fn proxy(parameters: &Map<String, Value>) -> Result<(), String> {
    let names = parameters.get("domain_names").and_then(Value::as_array);
    if !names.is_some_and(|names| !names.is_empty() && names.iter().all(Value::is_string)) {
        return Err("configure_proxy.domain_names must be a list of names, with one at least".to_owned());
    }
    let port = parameters.get("forward_port").and_then(Value::as_u64);
    if !port.is_some_and(|port| (1..=65_535).contains(&port)) {
        return Err("configure_proxy.forward_port must be between 1 and 65535".to_owned());
    }
    Ok(())
}

fn firewall(parameters: &Map<String, Value>) -> Result<(), String> {
    let action = parameters.get("action").and_then(Value::as_str).unwrap_or_default();
    if ["add", "remove", "list", "flush"].contains(&action) {
        return Ok(());
    }
    Err("configure_firewall.action must be one of: add, remove, list, flush".to_owned())
}

fn hours(parameters: &Map<String, Value>) -> Result<(), String> {
    match parameters.get("hours") {
        Some(hours) if hours.as_u64().is_none_or(|hours| hours == 0) => {
            Err("error_summary.hours must be a whole number, 1 or more".to_owned())
        }
        _ => Ok(()),
    }
}
