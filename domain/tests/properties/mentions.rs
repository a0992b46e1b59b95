//! Finds where services name each other, independently of the code of the edits.

use domain::stack::Stack;
use serde_json::{Map, Value, json};

use crate::read::{at, is_empty, root};

/// One place where a service names another one: the service, the key, and the details.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    pub owner: String,
    pub key: String,
    pub how: Value,
}

/// Sorts the mentions into a stable order.
pub fn sorted(mut mentions: Vec<Mention>) -> Vec<Mention> {
    mentions.sort_by_key(|mention| format!("{mention:?}"));
    mentions
}

/// Every mention of a service, by others and by itself.
pub fn mentions(stack: &Stack, name: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    for (owner, body) in at(stack, &["services"]).as_object().into_iter().flatten() {
        for (key, value) in body.as_object().into_iter().flatten() {
            let here = mentions_in(key, value, name);
            found.extend(here.into_iter().map(|how| Mention { owner: owner.clone(), key: key.clone(), how }));
        }
    }
    sorted(found)
}

fn mentions_in(key: &str, value: &Value, name: &str) -> Vec<Value> {
    match (key, value) {
        ("depends_on", Value::Object(entries)) => entries.get(name).cloned().into_iter().collect(),
        ("depends_on" | "links" | "volumes_from", Value::Array(items)) => {
            items.iter().filter_map(|item| behind(item.as_str()?, name).map(Value::from)).collect()
        }
        ("depends_on" | "links" | "volumes_from", Value::String(text)) => {
            behind(text, name).map(Value::from).into_iter().collect()
        }
        ("network_mode" | "pid" | "ipc", Value::String(text)) if *text == format!("service:{name}") => {
            vec![json!("namespace")]
        }
        ("extends", Value::String(text)) if text == name => vec![json!("base")],
        ("extends", Value::Object(base)) if base.get("service") == Some(&json!(name)) => {
            vec![json!(base.keys().collect::<Vec<_>>())]
        }
        _ => Vec::new(),
    }
}

/// The text after the name: `:ro` of `a:ro`.
fn behind<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.strip_prefix(name).filter(|rest| rest.is_empty() || rest.starts_with(':'))
}

/// The document without references to one of these services.
pub fn without_mentions(stack: &Stack, names: &[&str]) -> Value {
    let mut root = root(stack);
    let services = root.get_mut("services").and_then(Value::as_object_mut);
    for service in services.into_iter().flat_map(Map::values_mut) {
        let Value::Object(body) = service else { continue };
        for (key, value) in body.iter_mut() {
            names.iter().for_each(|name| take_mentions(key, value, name));
        }
        body.retain(|_, value| !is_empty(value));
        if body.is_empty() {
            *service = Value::Null;
        }
    }
    root
}

fn take_mentions(key: &str, value: &mut Value, name: &str) {
    if mentions_in(key, value, name).is_empty() {
        return;
    }
    match value {
        Value::Object(entries) if key == "depends_on" => {
            entries.remove(name);
        }
        Value::Array(items) => {
            items.retain(|item| item.as_str().is_none_or(|text| behind(text, name).is_none()))
        }
        value => *value = Value::Null,
    }
}
