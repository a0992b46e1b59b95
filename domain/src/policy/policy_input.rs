//! The input of the policy rules, and the list of what they forbid.

use super::{Policy, Surroundings};
use crate::{
    compose::{Model, yaml::Node},
    deploy::Blocker,
};

pub struct PolicyInput<'a> {
    pub policy: &'a Policy,
    pub around: &'a Surroundings<'a>,
    /// The model of the effective file.
    pub model: &'a Model,
    /// The service that is currently checked.
    pub service: Option<String>,
    pub refused: Vec<Blocker>,
}

impl PolicyInput<'_> {
    /// Reports something forbidden. `rule` is the key of the policy file; `message` tells what is forbidden, where,
    /// and what would allow it.
    pub fn refuse(&mut self, rule: &str, message: impl Into<String>) {
        let message = message.into();
        let message = match &self.service {
            Some(service) => format!("service `{service}`: {message}"),
            None => message,
        };
        let refused = Blocker { rule: rule.to_owned(), service: self.service.clone(), message };
        if !self.refused.contains(&refused) {
            self.refused.push(refused);
        }
    }
}

pub(super) use crate::deploy::literal;

/// The text of a scalar, as the engine reads it.
pub fn text(node: &Node) -> Option<String> {
    node.text().map(|text| literal(&text))
}

/// The texts of a value that is one text or a list of texts; `None` for any other value.
pub fn texts(node: &Node) -> Option<Vec<String>> {
    if node.is_null() {
        return Some(Vec::new());
    }
    match text(node) {
        Some(text) => Some(vec![text]),
        None if node.entries().is_empty() => node.items().iter().map(text_of_item).collect(),
        None => None,
    }
}

fn text_of_item(node: &Node) -> Option<String> {
    text(node)
}

/// Whether a switch is certainly off: engines read `"yes"`, `"on"` and `1` as on.
pub fn is_off(node: Option<&Node>) -> bool {
    let Some(node) = node else { return true };
    node.is_null() || text(node).is_some_and(|text| text.eq_ignore_ascii_case("false"))
}
