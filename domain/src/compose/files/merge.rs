//! Merges a document on top of another one.
//!
//! Mappings are merged key by key, lists are put one behind the other, and everything else is replaced. [`way`] lists the keys
//! that Compose merges in another way. A key without a value changes nothing.

use std::collections::HashMap;

use super::{forms, lists};
use crate::compose::{
    place::Place,
    yaml::{Entry, Node, Value},
};

/// Two values that cannot be merged.
pub struct Conflict {
    pub place: Place,
    pub message: String,
}

/// How the values of a key are merged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By their type.
    ByType,
    /// The later one counts.
    Replaced,
    /// Pairs of a key and a value, as a mapping or as a list of `KEY=value`.
    Pairs,
    /// A list, or a single entry of it.
    ListOrOne,
    /// Hosts and their addresses, as a mapping or as a list. A host may have several addresses.
    Hosts,
    /// Names, as a list or as a mapping.
    Names,
    /// A mapping, or its entry of this name.
    MappingOr(&'static str),
    /// Options that belong to a driver: those of another driver are replaced.
    OfDriver,
    /// Lists of mappings: those with the same `subnet` are merged.
    Subnets,
    /// A list, for which Compose does not take the short form from a later file.
    ListOnly,
}

fn way(path: &[&str]) -> Way {
    match path {
        ["services", _, rest @ ..] => match rest {
            ["command" | "entrypoint"] | ["healthcheck", "test"] | ["ulimits", _] => Way::Replaced,
            ["environment" | "labels" | "annotations" | "sysctls"]
            | ["build", "args" | "labels" | "additional_contexts"]
            | ["deploy", "labels"] => Way::Pairs,
            ["dns" | "dns_opt" | "dns_search" | "env_file" | "label_file" | "tmpfs"] => Way::ListOrOne,
            ["extra_hosts"] | ["build", "extra_hosts"] => Way::Hosts,
            ["depends_on" | "networks" | "models"] => Way::Names,
            ["build"] => Way::MappingOr("context"),
            ["logging"] => Way::OfDriver,
            ["gpus"] => Way::ListOnly,
            _ => Way::ByType,
        },
        ["networks" | "volumes", _, "labels"] => Way::Pairs,
        ["networks", _, "ipam", "config"] => Way::Subnets,
        _ => Way::ByType,
    }
}

/// The first document with the second one on top of it.
pub fn merge(base: Node, over: Node, conflicts: &mut Vec<Conflict>) -> Node {
    let mut merger = Merger { conflicts };
    let merged = merger.value(base, over, &[]);
    merger.without_repeats(merged, &mut Vec::new())
}

struct Merger<'c> {
    conflicts: &'c mut Vec<Conflict>,
}

impl Merger<'_> {
    fn value(&mut self, base: Node, over: Node, path: &[&str]) -> Node {
        let way = way(path);
        if way == Way::Replaced {
            return over;
        }
        if over.is_null() {
            return base;
        }
        if base.is_null() {
            return over;
        }
        match way {
            Way::Replaced | Way::ByType => self.by_type(base, over, path),
            Way::Pairs => pairs(base, over),
            Way::ListOrOne => appended(forms::list(base), forms::list(over)),
            Way::Hosts => forms::hosts(base, over),
            Way::Names => match (&base.value, &over.value) {
                (Value::Sequence(_), Value::Sequence(_)) => appended(base, over),
                _ => {
                    let is_dependency = path.last() == Some(&"depends_on");
                    self.by_type(forms::names(base, is_dependency), forms::names(over, is_dependency), path)
                }
            },
            Way::MappingOr(key) => {
                self.by_type(forms::mapping_with(base, key), forms::mapping_with(over, key), path)
            }
            Way::OfDriver => {
                let driver = |node: &Node| node.get("driver").and_then(Node::text);
                match (driver(&base), driver(&over)) {
                    (Some(one), Some(other)) if one != other => over,
                    _ => self.by_type(base, over, path),
                }
            }
            Way::Subnets => self.subnets(base, over, path),
            Way::ListOnly => match over.value {
                Value::Sequence(_) => appended(forms::list(base), over),
                _ => self.conflict(base, &over, path),
            },
        }
    }

    fn by_type(&mut self, base: Node, over: Node, path: &[&str]) -> Node {
        match (&base.value, &over.value) {
            (Value::Mapping(_), Value::Mapping(_)) => self.mappings(base, over, path),
            (Value::Sequence(_), Value::Sequence(_)) => appended(base, over),
            (Value::Mapping(_) | Value::Sequence(_), _) => self.conflict(base, &over, path),
            _ => over,
        }
    }

    fn mappings(&mut self, mut base: Node, over: Node, path: &[&str]) -> Node {
        let (Value::Mapping(entries), Value::Mapping(later)) = (&mut base.value, over.value) else {
            return base;
        };
        let mut known = index(entries);
        for entry in later {
            match known.get(&entry.key).and_then(|at| entries.get_mut(*at)) {
                None => {
                    known.insert(entry.key.clone(), entries.len());
                    entries.push(entry);
                }
                Some(own) => {
                    let inner: Vec<&str> = path.iter().copied().chain([entry.key.as_str()]).collect();
                    let is_scalar =
                        !matches!(entry.value.value, Value::Mapping(_) | Value::Sequence(_) | Value::Null);
                    own.value = self.value(std::mem::take(&mut own.value), entry.value, &inner);
                    if is_scalar {
                        own.key_place = entry.key_place;
                    }
                }
            }
        }
        base
    }

    fn subnets(&mut self, mut base: Node, over: Node, path: &[&str]) -> Node {
        let (Value::Sequence(items), Value::Sequence(later)) = (&mut base.value, over.value) else {
            return base;
        };
        let subnet = |node: &Node| node.get("subnet").and_then(Node::text);
        for item in later {
            match items.iter_mut().find(|own| subnet(own) == subnet(&item)) {
                Some(own) => *own = self.mappings(std::mem::take(own), item, path),
                None => items.push(item),
            }
        }
        base
    }

    fn conflict(&mut self, base: Node, over: &Node, path: &[&str]) -> Node {
        let message = format!(
            "This is {}. An earlier file has {} for `{}`, and Compose can't merge the two.",
            over.kind(),
            base.kind(),
            path.join(".")
        );
        self.conflicts.push(Conflict { place: over.here(), message });
        base
    }

    /// Removes entries of lists that a later entry replaces.
    fn without_repeats(&self, mut node: Node, path: &mut Vec<String>) -> Node {
        match &mut node.value {
            // Deeper lists stay as they are.
            Value::Mapping(entries) if path.len() < 6 => {
                for entry in entries {
                    path.push(entry.key.clone());
                    entry.value = self.without_repeats(std::mem::take(&mut entry.value), path);
                    path.pop();
                }
            }
            Value::Sequence(items) => {
                let keys: Vec<&str> = path.iter().map(String::as_str).collect();
                if let Some(same) = lists::identity(&keys) {
                    *items = lists::unique(std::mem::take(items), same);
                }
            }
            _ => {}
        }
        node
    }
}

fn index(entries: &[Entry]) -> HashMap<String, usize> {
    entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect()
}

fn appended(mut base: Node, over: Node) -> Node {
    if let (Value::Sequence(items), Value::Sequence(later)) = (&mut base.value, over.value) {
        items.extend(later);
    }
    base
}

/// Here, a key without a value counts: its value comes from the environment.
fn pairs(base: Node, over: Node) -> Node {
    if let (Value::Sequence(_), Value::Sequence(_)) = (&base.value, &over.value) {
        return appended(base, over);
    }
    let (mut base, over) = (forms::pairs(base), forms::pairs(over));
    if let (Value::Mapping(entries), Value::Mapping(later)) = (&mut base.value, over.value) {
        let mut known = index(entries);
        for entry in later {
            match known.get(&entry.key).and_then(|at| entries.get_mut(*at)) {
                Some(own) => *own = entry,
                None => {
                    known.insert(entry.key.clone(), entries.len());
                    entries.push(entry);
                }
            }
        }
    }
    base
}
