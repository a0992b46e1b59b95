//! The networks that a service is in, as far as the file tells.

use std::collections::{HashMap, HashSet};

use crate::compose::{Model, Service};

/// The network of every service without `networks`.
const DEFAULT: &str = "default";

/// The declared networks by key: the name for the engine, and whether they are external. Two keys can name the same
/// network.
pub fn declared(model: &Model) -> HashMap<&str, (&str, bool)> {
    let networks = model.networks.iter().map(|network| {
        let name = network.external_name.as_deref().unwrap_or(&network.name);
        (network.name.as_str(), (name, network.external))
    });
    networks.collect()
}

/// The networks of a service.
pub struct Networks<'m> {
    keys: Vec<&'m str>,
    names: HashSet<&'m str>,
    pub is_external: bool,
}

impl<'m> Networks<'m> {
    /// `None` if the file does not say all of them.
    pub fn of(service: &'m Service, declared: &HashMap<&'m str, (&'m str, bool)>) -> Option<Self> {
        if service.network_mode.is_some() || service.extends.is_some() {
            return None;
        }
        let mut keys: Vec<&str> =
            service.networks.iter().map(|membership| membership.network.as_str()).collect();
        if keys.is_empty() {
            keys.push(DEFAULT);
        }
        let known: Vec<(&str, bool)> =
            keys.iter().map(|key| declared.get(key).copied().unwrap_or((*key, false))).collect();
        let is_variable = |name: &str| name.contains('$');
        if keys.iter().copied().any(is_variable) || known.iter().any(|(name, _)| is_variable(name)) {
            return None;
        }
        let is_external = known.iter().any(|(_, external)| *external);
        Some(Self { keys, names: known.into_iter().map(|(name, _)| name).collect(), is_external })
    }

    pub fn meet(&self, other: &Self) -> bool {
        let (few, many) = if self.names.len() < other.names.len() { (self, other) } else { (other, self) };
        few.names.iter().any(|name| many.names.contains(name))
    }

    /// The network in which another service best meets this one.
    pub fn meeting_place(&self) -> &'m str {
        self.keys.iter().find(|key| **key != DEFAULT).copied().unwrap_or(DEFAULT)
    }

    /// The first few, for messages.
    pub fn listed(&self) -> String {
        let names: Vec<String> = self.keys.iter().take(3).map(|key| format!("`{key}`")).collect();
        names.join(", ")
    }
}
