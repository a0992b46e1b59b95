//! What a rule looks at, and how it says no.

use super::{Policy, Surroundings};
use crate::{
    compose::{Model, yaml::Node},
    deploy::Refused,
};

pub struct Subject<'a> {
    pub policy: &'a Policy,
    pub around: &'a Surroundings<'a>,
    /// Of the effective file.
    pub model: &'a Model,
    /// The one that is looked at.
    pub service: Option<String>,
    pub refused: Vec<Refused>,
}

impl Subject<'_> {
    /// `rule` is the key of the policy file; `message` says what, where, and what would allow it.
    pub fn refuse(&mut self, rule: &str, message: impl Into<String>) {
        let message = message.into();
        let message = match &self.service {
            Some(service) => format!("service `{service}`: {message}"),
            None => message,
        };
        let refused = Refused { rule: rule.to_owned(), service: self.service.clone(), message };
        if !self.refused.contains(&refused) {
            self.refused.push(refused);
        }
    }
}

pub(super) use crate::deploy::literal;

/// The text of a scalar, as the engine takes it.
pub fn text(node: &Node) -> Option<String> {
    node.text().map(|text| literal(&text))
}

/// All texts of a value that is one or a list of them. `None`: something else stands there.
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

/// Whether a switch is off beyond doubt: engines take `"yes"`, `"on"` and `1` for on.
pub fn is_off(node: Option<&Node>) -> bool {
    let Some(node) = node else { return true };
    node.is_null() || text(node).is_some_and(|text| text.eq_ignore_ascii_case("false"))
}
