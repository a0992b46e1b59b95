//! Why a container is recreated, in words. Variables appear by name only, because these texts are shown and stored.

use std::collections::BTreeSet;

use serde_json::Value;

/// The differences between two definitions of a service.
pub fn changes(before: &Value, after: &Value) -> Vec<String> {
    let keys = |value: &Value| -> BTreeSet<String> {
        value.as_object().map(|entries| entries.keys().cloned().collect()).unwrap_or_default()
    };
    let mut reasons = Vec::new();
    for key in keys(before).union(&keys(after)) {
        let (old, new) = (before.get(key), after.get(key));
        if old == new {
            continue;
        }
        reasons.push(match (key.as_str(), old.and_then(Value::as_str), new.and_then(Value::as_str)) {
            ("image", Some(old), Some(new)) => format!("image changes from {old} to {new}"),
            ("environment", _, _) => environment(old, new),
            ("labels", _, _) => "labels change".to_owned(),
            ("volumes" | "ports" | "networks" | "secrets" | "configs", _, _) => format!("{key} change"),
            (key, _, _) if old.is_none() => format!("{key} is new"),
            (key, _, _) if new.is_none() => format!("{key} goes"),
            (key, _, _) => format!("{key} changes"),
        });
    }
    reasons
}

fn environment(old: Option<&Value>, new: Option<&Value>) -> String {
    let (old, new) = (variables(old), variables(new));
    let names: BTreeSet<&str> = old.symmetric_difference(&new).map(|(name, _)| name.as_str()).collect();
    let shown: Vec<&str> = names.iter().copied().take(5).collect();
    match names.len().saturating_sub(shown.len()) {
        _ if names.is_empty() => "environment changes its order".to_owned(),
        0 => format!("environment changes: {}", shown.join(", ")),
        more => format!("environment changes: {} and {more} more", shown.join(", ")),
    }
}

fn variables(value: Option<&Value>) -> BTreeSet<(String, String)> {
    match value {
        Some(Value::Object(entries)) => entries
            .iter()
            .map(|(key, value)| {
                (key.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            })
            .collect(),
        Some(Value::Array(items)) => items
            .iter()
            .filter_map(Value::as_str)
            .map(|item| {
                let (key, value) = item.split_once('=').unwrap_or((item, ""));
                (key.to_owned(), value.to_owned())
            })
            .collect(),
        _ => BTreeSet::new(),
    }
}
