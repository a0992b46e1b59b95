//! Compares a document with the tables.

use std::collections::HashSet;

use super::{
    Keys, Shape,
    tables::{FILE, SERVICE},
    types::accepts,
};
use crate::{
    compose::{
        place::Place,
        yaml::{Entry, Node, Value},
    },
    finding::Finding,
};

/// Adds a finding for each key, type and value of the document that the specification does not allow.
pub fn check(text: &str, root: &Node, findings: &mut Vec<Finding>) {
    if root.is_null() {
        return;
    }
    let is_outside = |entry: &&Entry| FILE.shape_of(&entry.key).is_none() && is_service(entry);
    let outside = root.entries().iter().filter(is_outside).map(|entry| entry.key.as_str()).collect();
    let mut walk = Walk { text, root, outside, findings, path: Vec::new(), shared: 0, seen: HashSet::new() };
    walk.visit(&Shape::Keys(&FILE), root, root.here());
}

#[derive(Clone, Copy)]
pub(super) enum Step<'d> {
    Key(&'d str),
    Item(usize),
}

pub(super) struct Walk<'d, 'f> {
    pub(super) text: &'d str,
    pub(super) root: &'d Node,
    /// The keys of the top level that describe services.
    pub(super) outside: Vec<&'d str>,
    pub(super) findings: &'f mut Vec<Finding>,
    pub(super) path: Vec<Step<'d>>,
    /// Greater than zero inside an alias or a merge. An edit of this path would not change the text that is marked.
    pub(super) shared: usize,
    /// The places inside aliases and merges that have a finding. Other services that share them would repeat it.
    pub(super) seen: HashSet<(Place, &'static str)>,
}

impl<'d> Walk<'d, '_> {
    /// `place` is what to mark if the value itself is empty: the key.
    fn visit(&mut self, shape: &Shape, node: &'d Node, place: Place) {
        if self.is_full() {
            return;
        }
        let alias = usize::from(node.alias.is_some());
        self.shared += alias;
        let outer = shape;
        match (shape, &node.value) {
            (Shape::Or(shapes), _) => match shapes.iter().find(|shape| accepts(shape, node)) {
                Some(shape) => self.visit(shape, node, place),
                None => self.wrong_type(shape, node, place),
            },
            (Shape::Value(format), _) if accepts(shape, node) => {
                self.value(format, node);
            }
            (shape, _) if !accepts(shape, node) => self.wrong_type(shape, node, place),
            (Shape::List(shape) | Shape::Unique(shape), Value::Sequence(items)) => {
                let unique = matches!(outer, Shape::Unique(_));
                if unique {
                    self.duplicates(items);
                }
                for (index, item) in items.iter().enumerate() {
                    self.path.push(Step::Item(index));
                    self.visit(shape, item, item.here());
                    self.path.pop();
                }
            }
            (Shape::Keys(keys), Value::Mapping(entries)) => self.keys(keys, node, entries, place),
            (Shape::Names(what, shape), Value::Mapping(entries)) => self.names(*what, shape, entries),
            _ => {}
        }
        self.shared -= alias;
    }

    fn enter(&mut self, entry: &'d Entry, look: impl FnOnce(&mut Self)) {
        let merged = usize::from(entry.merged);
        self.shared += merged;
        self.path.push(Step::Key(&entry.key));
        look(self);
        self.path.pop();
        self.shared -= merged;
    }

    fn keys(&mut self, keys: &'static Keys, node: &'d Node, entries: &'d [Entry], place: Place) {
        for entry in entries {
            let key = entry.key.as_str();
            match keys.shape_of(key) {
                Some(shape) => self.enter(entry, |walk| walk.visit(shape, &entry.value, entry.key_place)),
                None if keys.open || key.starts_with("x-") || self.is_full() => {}
                None => self.enter(entry, |walk| walk.unknown_key(keys, node, entry)),
            }
        }
        if let Some(source) =
            keys.one_of.first().filter(|_| keys.one_of.iter().all(|key| node.entry(key).is_none()))
        {
            self.missing_key(keys, node, source, place);
        }
        for key in keys.required.iter().filter(|key| node.entry(key).is_none()) {
            self.missing_key(keys, node, key, place);
        }
    }

    fn names(&mut self, what: Option<&'static str>, shape: &Shape, entries: &'d [Entry]) {
        let ulimits = matches!(self.path.last(), Some(Step::Key("ulimits")));
        for entry in entries {
            if self.is_full() {
                return;
            }
            self.enter(entry, |walk| {
                if let Some(what) = what {
                    walk.name(what, entry);
                }
                if ulimits {
                    walk.ulimit(entry);
                }
                walk.visit(shape, &entry.value, entry.key_place);
            });
        }
    }
}

/// Whether an entry of the top level describes a service.
pub(super) fn is_service(entry: &Entry) -> bool {
    let body = &entry.value;
    let known = |entry: &&Entry| SERVICE.shape_of(&entry.key).is_some();
    let runs = body.entry("image").is_some() || body.entry("build").is_some();
    !entry.key.starts_with("x-")
        && !entry.merged
        && runs
        && body.entries().iter().filter(known).count() * 2 > body.entries().len()
}
