//! The keys of a document that older versions of Compose reject.

use super::{
    Shape,
    since::{Since, since},
    tables::FILE,
    types::accepts,
};
use crate::compose::{
    place::Place,
    yaml::{Node, Value},
};

/// A key that came with a later version of Compose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecentKey {
    /// The mapping in words: "a service".
    pub owner: &'static str,
    pub key: &'static str,
    /// The first version that reads it.
    pub since: &'static str,
    pub place: Place,
}

/// The recent keys of a document, each where it stands first.
pub fn recent_keys(root: &Node) -> Vec<RecentKey> {
    let mut found = Vec::new();
    if !root.is_null() {
        collect(&Shape::Keys(&FILE), root, &mut found);
    }
    found
}

fn collect(shape: &Shape, node: &Node, found: &mut Vec<RecentKey>) {
    // What an alias repeats stands elsewhere.
    if node.alias.is_some() || !accepts(shape, node) {
        return;
    }
    match (shape, &node.value) {
        (Shape::Or(shapes), _) => {
            if let Some(shape) = shapes.iter().find(|shape| accepts(shape, node)) {
                collect(shape, node, found);
            }
        }
        (Shape::List(shape) | Shape::Unique(shape), Value::Sequence(items)) => {
            items.iter().for_each(|item| collect(shape, item, found));
        }
        (Shape::Names(_, shape), Value::Mapping(entries)) => {
            entries
                .iter()
                .filter(|entry| !entry.merged)
                .for_each(|entry| collect(shape, &entry.value, found));
        }
        (Shape::Keys(keys), Value::Mapping(entries)) => {
            for entry in entries.iter().filter(|entry| !entry.merged) {
                let Some((key, shape)) = keys.known.iter().find(|(key, _)| *key == entry.key) else {
                    continue;
                };
                let is_new =
                    !found.iter().any(|known: &RecentKey| known.key == *key && known.owner == keys.owner);
                if let (true, Some(Since::Known(since))) = (is_new, since(keys.owner, key)) {
                    found.push(RecentKey { owner: keys.owner, key, since, place: entry.key_place });
                }
                collect(shape, &entry.value, found);
            }
        }
        _ => {}
    }
}
