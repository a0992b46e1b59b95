//! A YAML document as a tree of values with their places. Anchors, aliases and merges are resolved.

use serde_json::{Map, Number};

use super::{place::Place, scalar, timestamp};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    pub value: Value,
    /// Where the value is written; for an alias, the place of the aliased value.
    pub place: Place,
    /// Where the alias is written, if the value came through one.
    pub alias: Option<Place>,
}

/// A value as Compose reads it (`scalar.rs`).
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    /// From the smallest signed to the greatest unsigned number of 64 bits.
    Integer(i128),
    Float(f64),
    /// A date, with or without a time, as written. No key of a compose file takes one.
    Timestamp(String),
    String(String),
    Sequence(Vec<Node>),
    Mapping(Vec<Entry>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub key: String,
    pub key_place: Place,
    pub value: Node,
    /// Whether the entry was merged in through `<<`.
    pub merged: bool,
}

impl Node {
    /// The place to show to the user: the alias if there is one, otherwise the value.
    pub fn here(&self) -> Place {
        self.alias.unwrap_or(self.place)
    }

    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Mapping(entries) => entries,
            _ => &[],
        }
    }

    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The node at a path of mapping keys and sequence indexes.
    pub fn at<S: AsRef<str>>(&self, path: &[S]) -> Option<&Node> {
        path.iter().try_fold(self, |node, step| match &node.value {
            Value::Mapping(_) => node.get(step.as_ref()),
            Value::Sequence(items) => items.get(step.as_ref().parse::<usize>().ok()?),
            _ => None,
        })
    }

    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// A scalar as text, as compose reads it where text is expected. `None` for null and collections.
    pub fn text(&self) -> Option<String> {
        match &self.value {
            Value::Bool(value) => Some(value.to_string()),
            Value::Integer(value) => Some(value.to_string()),
            Value::Float(value) => Some(scalar::float_text(*value)),
            Value::Timestamp(value) | Value::String(value) => Some(value.clone()),
            Value::Null | Value::Sequence(_) | Value::Mapping(_) => None,
        }
    }

    /// The kind of value, for messages.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::Timestamp(_) => "a date",
            Value::String(_) => "text",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }

    /// The value without places. Infinities and NaN become text, because JSON does not have them.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Integer(value) => {
                Number::from_i128(*value).map_or_else(|| value.to_string().into(), serde_json::Value::Number)
            }
            Value::Float(value) => Number::from_f64(*value)
                .map_or_else(|| scalar::float_text(*value).into(), serde_json::Value::Number),
            Value::Timestamp(value) => timestamp::rfc3339(value).into(),
            Value::String(value) => value.as_str().into(),
            Value::Sequence(items) => items.iter().map(Self::to_json).collect(),
            Value::Mapping(entries) => serde_json::Value::Object(
                entries.iter().map(|entry| (entry.key.clone(), entry.value.to_json())).collect::<Map<_, _>>(),
            ),
        }
    }
}
