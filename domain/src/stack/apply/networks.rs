//! Edits of networks and of the services in them.

use serde_json::{Map, Value, json};

use super::Work;
use crate::{
    catalog,
    compose::{Service, change::Habits},
    stack::{Choice, Edit, Question, Refusal, Stack},
};

/// The network of every service without `networks`.
const DEFAULT: &str = "default";

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

pub fn join(
    work: &mut Work<'_>,
    service: &str,
    network: &str,
    keep_default: Option<bool>,
) -> Result<(), Refusal> {
    check(network)?;
    let member = work.service(service)?;
    if let Some(mode) = &member.network_mode {
        return Err(Refusal::new(
            "network-mode",
            format!("`{service}` has `network_mode: {}`, so it can't join a network", mode.value),
        ));
    }
    if member.networks.iter().all(|membership| membership.network != network) {
        // With `networks`, a service is no longer in the default network unless it says so.
        let leaves_default = member.networks.is_empty() && network != DEFAULT;
        let is_needed = || !catalog::cut_off(work.stack, member, &[network]).is_empty();
        if leaves_default && keep_default.unwrap_or_else(is_needed) {
            add_member(work, service, DEFAULT)?;
        }
        add_member(work, service, network)?;
    }
    // The default network exists without a declaration.
    if network == DEFAULT { Ok(()) } else { declare_empty(work, "networks", network) }
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

pub fn leave(work: &mut Work<'_>, service: &str, network: &str, cut_off: bool) -> Result<(), Refusal> {
    let member = work.service(service)?;
    if !cut_off {
        ask_before_leaving(work.stack, member, network)?;
    }
    if work.remove_named(&["services", service, "networks"], network, |item| item == network)? {
        return Ok(());
    }
    Err(Refusal::new("network-unknown", format!("`{service}` isn't in the network `{network}`")))
}

/// Refuses to leave if the service would no longer share a network with one that it uses, or that uses it.
fn ask_before_leaving(stack: &Stack, member: &Service, network: &str) -> Result<(), Refusal> {
    let Some(membership) = member.networks.iter().find(|membership| membership.network == network) else {
        return Ok(());
    };
    let mut rest: Vec<&str> = member.networks.iter().map(|membership| membership.network.as_str()).collect();
    rest.retain(|name| *name != network);
    // A service that has left its last network is in the default one.
    if rest.is_empty() {
        rest.push(DEFAULT);
    }
    let lost = catalog::cut_off(stack, member, &rest);
    if lost.is_empty() {
        return Ok(());
    }
    let service = member.name.as_str();
    let quoted: Vec<String> = lost.iter().map(|name| format!("`{name}`")).collect();
    let (quoted, names) = (listed(&quoted), listed(&lost));
    let leave =
        |cut_off| Edit::LeaveNetwork { service: service.to_owned(), network: network.to_owned(), cut_off };
    let meeting = rest[0];
    let joins = lost.iter().map(|name| Edit::JoinNetwork {
        service: name.clone(),
        network: meeting.to_owned(),
        keep_default: None,
    });
    let message = format!(
        "`{service}` shares no other network with {quoted}: without `{network}` they no longer reach each other"
    );
    let question = Question {
        places: Vec::new(),
        choices: vec![
            Choice::new(format!("Leave, and let {names} join {meeting}"), joins.chain([leave(false)])),
            Choice::new("Leave all the same", [leave(true)]),
        ],
    };
    Err(Refusal::new("cuts-off", message).at(stack.text(), membership.place).asking(question))
}

/// `a, b and c`
fn listed(names: &[String]) -> String {
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
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
