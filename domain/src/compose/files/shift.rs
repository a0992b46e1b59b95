//! Moves the places of a document by a number of bytes.

use crate::compose::{
    place::Place,
    syntax::{NodeKind, Tree},
    yaml::{Node, Value},
};

pub fn tree(tree: &mut Tree, by: usize) {
    place(&mut tree.place, by);
    tree.start += by;
    if let Some((_, anchor)) = &mut tree.anchor {
        place(anchor, by);
    }
    match &mut tree.kind {
        NodeKind::Sequence { items, .. } => {
            for item in items {
                item.dash += by;
                self::tree(&mut item.node, by);
            }
        }
        NodeKind::Mapping { pairs, .. } => {
            for pair in pairs {
                pair.colon = pair.colon.map(|colon| colon + by);
                self::tree(&mut pair.key, by);
                self::tree(&mut pair.value, by);
            }
        }
        NodeKind::Missing | NodeKind::Scalar { .. } | NodeKind::Alias(_) => {}
    }
}

pub fn node(node: &mut Node, by: usize) {
    place(&mut node.place, by);
    if let Some(alias) = &mut node.alias {
        place(alias, by);
    }
    match &mut node.value {
        Value::Sequence(items) => items.iter_mut().for_each(|item| self::node(item, by)),
        Value::Mapping(entries) => {
            for entry in entries {
                place(&mut entry.key_place, by);
                self::node(&mut entry.value, by);
            }
        }
        _ => {}
    }
}

fn place(place: &mut Place, by: usize) {
    place.start += by;
    place.end += by;
}
