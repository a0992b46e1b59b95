//! Reads typed fields out of nodes. Values of the wrong type are left out: `shape` reports them.

use super::{
    model::{Command, Text, Variable},
    place::{Located, Place},
    yaml::{Node, Value},
};
use crate::finding::{Basis, Finding, MOST_FINDINGS, Severity};

pub struct Reader<'t> {
    pub source: &'t str,
    pub findings: Vec<Finding>,
    /// The service that is currently read.
    pub service: Option<String>,
}

impl<'t> Reader<'t> {
    pub fn new(source: &'t str, findings: Vec<Finding>) -> Self {
        Self { source, findings, service: None }
    }

    /// Reports what Compose rejects.
    pub fn find(&mut self, code: &str, place: Place, message: impl Into<String>) {
        if self.findings.len() >= MOST_FINDINGS {
            return;
        }
        let mut finding = Finding::new(code, (Severity::Error, Basis::Compose), self.source, place, message);
        finding.service.clone_from(&self.service);
        self.findings.push(finding);
    }

    /// Reads a field that contains one scalar.
    pub fn text(&self, node: &Node, key: &str) -> Option<Text> {
        let value = node.get(key)?;
        value.text().map(|text| Located::new(text, value.here()))
    }

    pub fn integer(&self, node: &Node, key: &str) -> Option<Located<i64>> {
        let value = node.get(key)?;
        let number = match &value.value {
            Value::Integer(number) => i64::try_from(*number).ok(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        number.map(|number| Located::new(number, value.here()))
    }

    pub fn boolean(&self, node: &Node, key: &str) -> Option<Located<bool>> {
        let value = node.get(key)?;
        let flag = match &value.value {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        flag.map(|flag| Located::new(flag, value.here()))
    }

    /// Reads a list of scalars, or a single scalar.
    pub fn texts(&self, node: &Node, key: &str) -> Vec<Text> {
        let Some(value) = node.get(key) else { return Vec::new() };
        let items = match &value.value {
            Value::Sequence(items) => items,
            _ => std::slice::from_ref(value),
        };
        items.iter().filter_map(|item| Some(Located::new(item.text()?, item.here()))).collect()
    }

    pub fn command(&self, node: &Node, key: &str) -> Option<Located<Command>> {
        let value = node.get(key)?;
        let command = match &value.value {
            Value::Sequence(items) => Command::Words(items.iter().filter_map(Node::text).collect()),
            _ => Command::Line(value.text()?),
        };
        Some(Located::new(command, value.here()))
    }

    /// Reads a mapping, or a list of `KEY=value`.
    pub fn variables(&self, node: &Node, key: &str) -> Vec<Variable> {
        let Some(value) = node.get(key) else { return Vec::new() };
        match &value.value {
            Value::Mapping(entries) => entries
                .iter()
                .map(|entry| {
                    let place = entry.value.here();
                    let start = entry.key_place.start;
                    Variable {
                        key: entry.key.clone(),
                        value: entry.value.text(),
                        place: if place.start >= start {
                            Place::new(start, place.end)
                        } else {
                            entry.key_place
                        },
                        value_place: place,
                    }
                })
                .collect(),
            Value::Sequence(items) => items.iter().filter_map(|item| self.variable_item(item)).collect(),
            _ => Vec::new(),
        }
    }

    fn variable_item(&self, item: &Node) -> Option<Variable> {
        let text = item.text()?;
        let place = item.here();
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (text, None),
        };
        let equals = place.slice(self.source).find('=').map(|at| place.start + at + 1);
        let value_place = match (&value, equals) {
            (Some(value), Some(from)) => {
                let to = (from + value.len()).min(place.end);
                Place::new(from, if self.source.is_char_boundary(to) { to } else { place.end })
            }
            _ => Place::at(place.end),
        };
        Some(Variable { key: name, value, place, value_place })
    }
}
