//! A YAML document as a tree in which every value knows its place.

use super::place::Place;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    pub value: Value,
    /// Where the value stands: for an alias, where the aliased value stands.
    pub place: Place,
}

/// A value by the YAML 1.2 core schema.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    String(String),
    Sequence(Vec<Node>),
    Mapping(Vec<Entry>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub key: String,
    pub key_place: Place,
    pub value: Node,
}
