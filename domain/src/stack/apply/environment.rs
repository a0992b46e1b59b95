//! Edits of environment variables, which the file writes as a mapping or as a list of `KEY=value`.

use serde_json::Value;

use super::Work;
use crate::{compose::change::Change, stack::Refusal};

pub fn set(work: &mut Work<'_>, service: &str, key: &str, value: Option<&str>) -> Result<(), Refusal> {
    work.service(service)?;
    check_name(key)?;
    let environment = ["services", service, "environment"];
    if let Some(Value::Array(items)) = work.value(&environment) {
        let index = position(items, key).unwrap_or(items.len()).to_string();
        let item = value.map_or_else(|| key.to_owned(), |value| format!("{key}={value}"));
        return work.set(&["services", service, "environment", &index], item);
    }
    let path = ["services", service, "environment", key];
    // A number that keeps its value is not rewritten as text.
    let old = match work.value(&path) {
        Some(old @ (Value::Number(_) | Value::Bool(_))) => Some(old.to_string()),
        _ => None,
    };
    if old.is_some() && old.as_deref() == value {
        return Ok(());
    }
    work.set(&path, value.map_or(Value::Null, Value::from))
}

pub fn remove(work: &mut Work<'_>, service: &str, key: &str) -> Result<(), Refusal> {
    work.service(service)?;
    let environment = ["services", service, "environment"];
    if work.remove_named(&environment, key, |item| name_of(item) == key)? {
        return Ok(());
    }
    Err(unknown(service, key))
}

pub fn rename(work: &mut Work<'_>, service: &str, key: &str, to: &str) -> Result<(), Refusal> {
    work.service(service)?;
    check_name(to)?;
    let environment = ["services", service, "environment"];
    let (there, taken) = match work.value(&environment) {
        Some(Value::Array(items)) => (position(items, key).is_some(), position(items, to).is_some()),
        Some(Value::Object(entries)) => (entries.contains_key(key), entries.contains_key(to)),
        _ => (false, false),
    };
    if !there {
        return Err(unknown(service, key));
    }
    if key == to {
        return Ok(());
    }
    if taken {
        return Err(Refusal::new("variable-exists", format!("`{service}` already has a variable `{to}`")));
    }
    let Some(Value::Array(items)) = work.value(&environment) else {
        return work.change(&Change::rename(&["services", service, "environment", key], to));
    };
    // Renames every entry of that name, because otherwise an earlier one would take effect again.
    let renamed: Vec<(String, String)> = items
        .iter()
        .enumerate()
        .filter(|(_, item)| item.as_str().is_some_and(|item| name_of(item) == key))
        .map(|(index, item)| {
            (index.to_string(), format!("{to}{}", &item.as_str().unwrap_or_default()[key.len()..]))
        })
        .collect();
    super::check_count(renamed.len(), key)?;
    renamed
        .into_iter()
        .try_for_each(|(index, item)| work.set(&["services", service, "environment", &index], item))
}

fn check_name(key: &str) -> Result<(), Refusal> {
    if key.trim().is_empty() || key.contains('=') || key.chars().any(|c| c.is_control() || c.is_whitespace())
    {
        return Err(Refusal::new(
            "variable-name-invalid",
            format!(
                "a variable can't be named `{key}`: the name needs at least one character, and no spaces or `=`"
            ),
        ));
    }
    Ok(())
}

fn unknown(service: &str, key: &str) -> Refusal {
    Refusal::new("variable-unknown", format!("`{service}` has no variable `{key}`"))
}

fn name_of(item: &str) -> &str {
    item.split_once('=').map_or(item, |(name, _)| name)
}

/// The index of a variable. Of several entries with the same name, the last one counts, as in compose.
fn position(items: &[Value], key: &str) -> Option<usize> {
    items.iter().rposition(|item| item.as_str().is_some_and(|item| name_of(item) == key))
}
