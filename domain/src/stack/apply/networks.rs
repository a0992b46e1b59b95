//! Edits of networks and of the services in them.

use serde_json::{Map, Value, json};

use super::Work;
use crate::{compose::change::Habits, stack::Refusal};

pub fn declare(work: &mut Work<'_>, network: &str, internal: bool) -> Result<(), Refusal> {
    check(network)?;
    if work.value(&["networks", network]).is_some() {
        return Err(Refusal::new("network-exists", format!("there is already a network `{network}`")));
    }
    if internal {
        return work.set(&["networks", network], json!({"internal": true}));
    }
    declare_empty(work, "networks", network)
}

/// Declares an empty entry as `name:` or `name: {}`, whichever the file uses.
pub fn declare_empty(work: &mut Work<'_>, kind: &str, name: &str) -> Result<(), Refusal> {
    if work.value(&[kind]).and_then(Value::as_object).is_some_and(|entries| entries.contains_key(name)) {
        return Ok(());
    }
    let draft = work.draft();
    let habits = Habits::of(draft.text(), draft.tree());
    let empty = if habits.braces || habits.json { Value::Object(Map::new()) } else { Value::Null };
    work.set(&[kind, name], empty)
}

pub fn join(work: &mut Work<'_>, service: &str, network: &str) -> Result<(), Refusal> {
    check(network)?;
    let member = work.service(service)?;
    if let Some(mode) = &member.network_mode {
        return Err(Refusal::new(
            "network-mode",
            format!("`{service}` has `network_mode: {}`, so it can't join a network", mode.value),
        ));
    }
    if member.networks.iter().all(|membership| membership.network != network) {
        add_member(work, service, network)?;
    }
    // The default network exists without a declaration.
    if network == "default" { Ok(()) } else { declare_empty(work, "networks", network) }
}

fn add_member(work: &mut Work<'_>, service: &str, network: &str) -> Result<(), Refusal> {
    match work.value(&["services", service, "networks"]) {
        Some(Value::Array(items)) => {
            let index = items.len().to_string();
            work.set(&["services", service, "networks", &index], network)
        }
        Some(Value::Object(_)) => work.set(&["services", service, "networks", network], Value::Null),
        None | Some(Value::Null) => work.set(&["services", service, "networks"], Value::from(vec![network])),
        Some(_) => Err(super::not_a_list(service, "networks")),
    }
}

pub fn leave(work: &mut Work<'_>, service: &str, network: &str) -> Result<(), Refusal> {
    work.service(service)?;
    if work.remove_named(&["services", service, "networks"], network, |item| item == network)? {
        return Ok(());
    }
    Err(Refusal::new("network-unknown", format!("`{service}` isn't in the network `{network}`")))
}

fn check(network: &str) -> Result<(), Refusal> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if !network.is_empty() && network.chars().all(allowed) {
        return Ok(());
    }
    Err(Refusal::new(
        "network-name-invalid",
        format!("a network can't be named `{network}`: use letters, digits, `_`, `.` and `-`"),
    ))
}
