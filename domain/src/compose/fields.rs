//! Reads typed fields out of nodes, and reports the ones that cannot be read.

use super::{
    model::{Command, Text, Variable},
    place::{Located, Place},
    yaml::{Node, Value},
};
use crate::finding::{Finding, MOST_FINDINGS, Severity};

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

    pub fn find(&mut self, code: &str, place: Place, message: impl Into<String>) {
        self.report(code, Severity::Error, place, message);
    }

    fn report(&mut self, code: &str, severity: Severity, place: Place, message: impl Into<String>) {
        if self.findings.len() >= MOST_FINDINGS {
            return;
        }
        let mut finding = Finding::new(code, severity, self.source, place, message);
        finding.service.clone_from(&self.service);
        self.findings.push(finding);
    }

    pub fn wrong_type(&mut self, node: &Node, key: &str, expected: &str) {
        self.find("wrong-type", node.here(), format!("`{key}` must be {expected}, this is {}", node.kind()));
    }

    /// Reports keys that are not in the specification. Keys that begin with `x-` belong to the user.
    pub fn only_known(&mut self, node: &Node, known: &[&str], owner: &str) {
        for entry in node.entries().iter().filter(|entry| !entry.merged) {
            let key = entry.key.as_str();
            let full = self.findings.len() >= MOST_FINDINGS;
            if full || known.contains(&key) || key.starts_with("x-") {
                continue;
            }
            let near = known.iter().find(|candidate| is_near(candidate, key));
            let hint = near.map_or_else(
                || "Compose refuses it; keys of your own begin with `x-`".to_owned(),
                |near| format!("Did you mean `{near}`?"),
            );
            self.report(
                "unknown-key",
                Severity::Warning,
                entry.key_place,
                format!("{owner} has no key `{key}`. {hint}"),
            );
        }
    }

    /// Reads a field that contains one scalar.
    pub fn text(&mut self, node: &Node, key: &str) -> Option<Text> {
        let value = node.get(key)?;
        match value.text() {
            Some(text) => Some(Located::new(text, value.here())),
            None => {
                if !value.is_null() {
                    self.wrong_type(value, key, "text");
                }
                None
            }
        }
    }

    pub fn integer(&mut self, node: &Node, key: &str) -> Option<Located<i64>> {
        let value = node.get(key)?;
        match &value.value {
            Value::Integer(number) => Some(Located::new(*number, value.here())),
            Value::String(text) if text.contains('$') => None,
            Value::String(text) if text.parse::<i64>().is_ok() => {
                Some(Located::new(text.parse().unwrap_or_default(), value.here()))
            }
            Value::Null => None,
            _ => {
                self.wrong_type(value, key, "a whole number");
                None
            }
        }
    }

    pub fn boolean(&mut self, node: &Node, key: &str) -> Option<Located<bool>> {
        let value = node.get(key)?;
        match &value.value {
            Value::Bool(flag) => Some(Located::new(*flag, value.here())),
            Value::String(text) if text.contains('$') => None,
            Value::String(text) if text == "true" || text == "false" => {
                Some(Located::new(text == "true", value.here()))
            }
            Value::Null => None,
            _ => {
                self.wrong_type(value, key, "true or false");
                None
            }
        }
    }

    /// Reads a list of scalars, or a single scalar.
    pub fn texts(&mut self, node: &Node, key: &str) -> Vec<Text> {
        let Some(value) = node.get(key) else { return Vec::new() };
        match &value.value {
            Value::Sequence(items) => items
                .iter()
                .filter_map(|item| match item.text() {
                    Some(text) => Some(Located::new(text, item.here())),
                    None => {
                        self.wrong_type(item, key, "a list of texts");
                        None
                    }
                })
                .collect(),
            Value::Null => Vec::new(),
            Value::Mapping(_) => {
                self.wrong_type(value, key, "a list of texts");
                Vec::new()
            }
            _ => value.text().map(|text| Located::new(text, value.here())).into_iter().collect(),
        }
    }

    pub fn command(&mut self, node: &Node, key: &str) -> Option<Located<Command>> {
        let value = node.get(key)?;
        let command = match &value.value {
            Value::Sequence(items) => Command::Words(
                items
                    .iter()
                    .filter_map(|item| {
                        let text = item.text();
                        if text.is_none() {
                            self.wrong_type(item, key, "a list of words");
                        }
                        text
                    })
                    .collect(),
            ),
            Value::Mapping(_) => {
                self.wrong_type(value, key, "a line or a list of words");
                return None;
            }
            Value::Null => return None,
            _ => Command::Line(value.text().unwrap_or_default()),
        };
        Some(Located::new(command, value.here()))
    }

    /// Reads a mapping, or a list of `KEY=value`.
    pub fn variables(&mut self, node: &Node, key: &str) -> Vec<Variable> {
        let Some(value) = node.get(key) else { return Vec::new() };
        match &value.value {
            Value::Mapping(entries) => entries
                .iter()
                .map(|entry| {
                    if matches!(entry.value.value, Value::Sequence(_) | Value::Mapping(_)) {
                        self.wrong_type(&entry.value, &entry.key, "one value");
                    }
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
            Value::Sequence(items) => items.iter().filter_map(|item| self.variable_item(item, key)).collect(),
            Value::Null => Vec::new(),
            _ => {
                self.wrong_type(value, key, "a mapping or a list of `KEY=value`");
                Vec::new()
            }
        }
    }

    fn variable_item(&mut self, item: &Node, key: &str) -> Option<Variable> {
        let Some(text) = item.text() else {
            self.wrong_type(item, key, "a list of `KEY=value`");
            return None;
        };
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

/// Whether the names differ in at most one letter, or only in their separators.
fn is_near(known: &str, written: &str) -> bool {
    let plain = |text: &str| text.to_ascii_lowercase().replace(['-', ' '], "_");
    let (a, b) = (plain(known), plain(written));
    if a == b {
        return true;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 1 || a.len() < 4 {
        return false;
    }
    let head = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    head + tail >= a.len().max(b.len()) - 1
}
