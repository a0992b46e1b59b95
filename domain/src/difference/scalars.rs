//! Single values, in a form in which notations with the same meaning are equal.

use serde_json::{Map, Value};

use crate::compose::yaml::{self, Node};

/// A value in which scalars are texts, because Compose converts them to the type that a key needs: `3` and `"3"` are equal.
pub fn plain(node: &Node) -> Value {
    match &node.value {
        yaml::Value::Null => Value::Null,
        yaml::Value::Sequence(items) => items.iter().map(plain).collect(),
        yaml::Value::Mapping(entries) => Value::Object(
            entries.iter().map(|entry| (entry.key.clone(), plain(&entry.value))).collect::<Map<_, _>>(),
        ),
        _ => node.text().unwrap_or_default().into(),
    }
}

/// The fields of a mapping as plain values, without those that are null.
pub fn fields(node: &Node) -> Map<String, Value> {
    let set = node.entries().iter().filter(|entry| !entry.value.is_null());
    set.map(|entry| (entry.key.clone(), plain(&entry.value))).collect()
}

/// Takes a field out if it has the value that it has anyway.
pub fn drop_default(fields: &mut Map<String, Value>, key: &str, default: &str) {
    if fields.get(key).and_then(Value::as_str) == Some(default) {
        fields.remove(key);
    }
}

/// The text of a field.
pub fn take(fields: &mut Map<String, Value>, key: &str) -> Option<String> {
    match fields.remove(key) {
        Some(Value::String(text)) => Some(text),
        Some(other) => {
            fields.insert(key.to_owned(), other);
            None
        }
        None => None,
    }
}

/// `null` instead of an empty mapping.
pub fn or_null(fields: Map<String, Value>) -> Value {
    if fields.is_empty() { Value::Null } else { Value::Object(fields) }
}

/// A list, also if it is written as a single value.
pub fn listed(node: &Node) -> Vec<&Node> {
    match &node.value {
        yaml::Value::Sequence(items) => items.iter().collect(),
        yaml::Value::Null => Vec::new(),
        _ => vec![node],
    }
}
