//! What an edit may change in the document as Compose reads it. Everything else must stay.
//!
//! To add an edit, add what it changes to [`expected`].

use domain::stack::{Edit, Stack};
use serde_json::Value;

/// How a place may change.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It and everything below it, in any way.
    Anyhow,
    /// A list gets one entry; a range of ports counts as one entry.
    Gains,
    /// A list loses one entry.
    Loses,
    /// One entry of a list becomes another one.
    Swaps,
    /// It comes or goes as a whole: Compose leaves out what no service uses.
    Appears,
}

/// A place, and how it may change. `*` stands for any step.
pub struct Expected {
    path: Vec<String>,
    how: How,
}

fn at(path: &[&str], how: How) -> Expected {
    Expected { path: path.iter().map(|step| (*step).to_owned()).collect(), how }
}

/// The places that an edit may change. `None` for renaming a service, which [`blurred`] compares.
pub fn expected(before: &Stack, edit: &Edit) -> Option<Vec<Expected>> {
    use How::{Anyhow, Gains, Loses, Swaps};
    let of = |service: &str, key: &str, how| at(&["services", service, key], how);
    let mut places = match edit {
        Edit::RenameService { .. } => return None,
        Edit::AddService { service, .. } | Edit::DuplicateService { to: service, .. } => {
            vec![at(&["services", service], Anyhow)]
        }
        Edit::RemoveService { service, clean_up } => removed(service, *clean_up),
        Edit::SetImage { service, .. } => vec![of(service, "image", Anyhow)],
        Edit::SetEnvironment { service, key, .. } | Edit::RemoveEnvironment { service, key } => {
            vec![at(&["services", service, "environment", key], Anyhow)]
        }
        Edit::RenameEnvironment { service, key, to } => {
            [key, to].map(|key| at(&["services", service, "environment", key], Anyhow)).into()
        }
        Edit::AddPort { service, .. } => vec![of(service, "ports", Gains)],
        Edit::SetPort { service, .. } => vec![of(service, "ports", Swaps)],
        Edit::RemovePort { service, .. } => vec![of(service, "ports", Loses)],
        Edit::AddVolume { service, .. } => vec![of(service, "volumes", Gains)],
        Edit::RemoveVolume { service, .. } => vec![of(service, "volumes", Loses)],
        Edit::AddNetwork { network, .. } => vec![at(&["networks", network], Anyhow)],
        Edit::JoinNetwork { service, .. } | Edit::LeaveNetwork { service, .. } => {
            vec![of(service, "networks", Anyhow)]
        }
        Edit::AddDependency { service, on, .. } | Edit::RemoveDependency { service, on } => {
            vec![at(&["services", service, "depends_on", on], Anyhow)]
        }
        Edit::SetHealthcheck { service, .. } | Edit::RemoveHealthcheck { service } => {
            vec![of(service, "healthcheck", Anyhow)]
        }
        Edit::SetRestart { service, .. } => vec![of(service, "restart", Anyhow)],
        Edit::SetCommand { service, .. } => vec![of(service, "command", Anyhow)],
        Edit::SetEntrypoint { service, .. } => vec![of(service, "entrypoint", Anyhow)],
        Edit::SetKey { path, .. } | Edit::RemoveKey { path } => below(path),
        Edit::MoveSecrets { .. } => vec![at(&["services", "*", "environment", "*"], Anyhow)],
        _ => Vec::new(),
    };
    if changes_use(edit) {
        let sections = ["networks", "volumes", "secrets", "configs", "models"];
        places.extend(sections.map(|section| at(&[section, "*"], How::Appears)));
    }
    places.extend(inherited(before, &places));
    Some(places)
}

/// Whether other things may be used after the edit than before it.
fn changes_use(edit: &Edit) -> bool {
    matches!(
        edit,
        Edit::AddService { .. }
            | Edit::DuplicateService { .. }
            | Edit::RemoveService { .. }
            | Edit::AddVolume { .. }
            | Edit::RemoveVolume { .. }
            | Edit::JoinNetwork { .. }
            | Edit::LeaveNetwork { .. }
            | Edit::RemoveKey { .. }
    )
}

/// A service goes with everything that names it.
fn removed(service: &str, clean_up: bool) -> Vec<Expected> {
    let mut places = vec![at(&["services", service], How::Anyhow)];
    places.push(at(&["services", "*", "depends_on", service], How::Anyhow));
    for key in ["links", "volumes_from", "network_mode", "ipc", "pid", "uts"] {
        places.push(at(&["services", "*", key], How::Anyhow));
    }
    places.push(at(&["services", "*", "build", "additional_contexts"], How::Anyhow));
    if clean_up {
        // What the wires have brought goes too; `tests/properties` tells exactly what.
        places.extend(["environment", "networks"].map(|key| at(&["services", "*", key], How::Anyhow)));
    }
    places
}

fn below(path: &[String]) -> Vec<Expected> {
    let steps: Vec<&str> = path.iter().map(String::as_str).collect();
    let mut places = vec![at(&steps, How::Anyhow)];
    match steps.as_slice() {
        // Compose shows only the services of active profiles.
        ["services", service, "profiles"] => places.push(at(&["services", service], How::Anyhow)),
        // These make the service depend on another one.
        ["services", service, "links" | "volumes_from" | "network_mode" | "ipc" | "pid" | "uts"] => {
            places.push(at(&["services", service, "depends_on"], How::Anyhow));
            places.push(at(&["services", service, "networks"], How::Anyhow));
        }
        _ => {}
    }
    places
}

/// A service that extends another one changes with it.
fn inherited(before: &Stack, places: &[Expected]) -> Vec<Expected> {
    let mut found = Vec::new();
    for place in places {
        let [first, changed, rest @ ..] = place.path.as_slice() else { continue };
        if first != "services" || rest.is_empty() {
            continue;
        }
        for heir in heirs(before, changed) {
            let path = [&["services".to_owned(), heir], rest].concat();
            found.push(Expected { path, how: How::Anyhow });
        }
    }
    found
}

fn heirs(before: &Stack, of: &str) -> Vec<String> {
    let mut all = vec![of.to_owned()];
    let mut done = 0;
    while let Some(base) = all.get(done).cloned() {
        done += 1;
        for service in &before.model().services {
            let extends = service.extends.as_ref().filter(|extends| extends.file.is_none());
            if extends.is_some_and(|extends| extends.service == base) && !all.contains(&service.name) {
                all.push(service.name.clone());
            }
        }
    }
    all.split_off(1)
}

/// The first difference that is not expected, with its path.
pub fn unexpected(before: &Value, after: &Value, expected: &[Expected]) -> Option<String> {
    compare(Some(before), Some(after), &mut Vec::new(), expected)
}

fn compare(
    before: Option<&Value>,
    after: Option<&Value>,
    path: &mut Vec<String>,
    expected: &[Expected],
) -> Option<String> {
    if before == after || expected.iter().any(|place| place.allows(path, before, after)) {
        return None;
    }
    let nothing = Value::Object(serde_json::Map::new());
    // A mapping that loses its last entry goes, and a first entry brings its mapping.
    let (was, is) = (before.filter(|value| !value.is_null()), after.filter(|value| !value.is_null()));
    match (was.unwrap_or(&nothing), is.unwrap_or(&nothing)) {
        (Value::Object(was), Value::Object(is)) if !(was.is_empty() && is.is_empty()) => {
            let keys = was.keys().chain(is.keys().filter(|key| !was.contains_key(*key)));
            for key in keys {
                path.push(key.clone());
                let found = compare(was.get(key), is.get(key), path, expected);
                path.pop();
                if found.is_some() {
                    return found;
                }
            }
            None
        }
        _ if before.is_none_or(Value::is_null) && after.is_none_or(Value::is_null) && path.len() > 2 => None,
        _ => {
            let shown = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), Value::to_string);
            Some(format!("{} was {}, is {}", path.join("."), shown(before), shown(after)))
        }
    }
}

impl Expected {
    fn allows(&self, path: &[String], before: Option<&Value>, after: Option<&Value>) -> bool {
        let is_here = |own: &[String]| {
            own.len() == self.path.len() && self.path.iter().zip(own).all(|(a, b)| a == "*" || a == b)
        };
        match self.how {
            How::Anyhow => path.get(..self.path.len()).is_some_and(is_here),
            How::Appears => is_here(path) && (before.is_none() || after.is_none()),
            how => is_here(path) && one_entry(how, items(before), items(after)),
        }
    }
}

fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Whether a list differs in one run of entries only: before it and behind it, nothing has changed.
fn one_entry(how: How, before: &[Value], after: &[Value]) -> bool {
    let same = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let (before, after) = (&before[same..], &after[same..]);
    let same = before.iter().rev().zip(after.iter().rev()).take_while(|(a, b)| a == b).count();
    let (gone, new) = (before.len() - same, after.len() - same);
    match how {
        How::Gains => gone == 0,
        How::Loses => new == 0,
        How::Swaps => new == 1 || gone <= 1,
        How::Anyhow | How::Appears => false,
    }
}

/// The document with lists of variables as mappings: an edit may choose the notation.
pub fn uniform(mut document: Value) -> Value {
    let services = document.get_mut("services").and_then(Value::as_object_mut);
    for service in services.into_iter().flat_map(|services| services.values_mut()) {
        let Some(Value::Array(items)) = service.get("environment") else { continue };
        let pairs = items.iter().filter_map(Value::as_str).map(|item| match item.split_once('=') {
            Some((key, value)) => (key.to_owned(), Value::from(value)),
            None => (item.to_owned(), Value::Null),
        });
        service["environment"] = Value::Object(pairs.collect());
    }
    document
}

/// The document with both names of a renamed service as the same word, in keys and in texts.
pub fn blurred(document: &Value, names: &[&str]) -> Value {
    match document {
        Value::String(text) => blurred_text(text, names).into(),
        Value::Array(items) => items.iter().map(|item| blurred(item, names)).collect(),
        Value::Object(entries) => Value::Object(
            entries.iter().map(|(key, value)| (blurred_text(key, names), blurred(value, names))).collect(),
        ),
        value => value.clone(),
    }
}

fn blurred_text(text: &str, names: &[&str]) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let mut out = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(length);
        // The default in `${DB:-db}` begins after the hyphen.
        let bare = word.trim_start_matches('-');
        out.push_str(if names.contains(&bare) { "§" } else { word });
        let next = behind.chars().next();
        out.extend(next);
        rest = &behind[next.map_or(0, char::len_utf8)..];
    }
    out
}
