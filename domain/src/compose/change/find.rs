//! Follows a path through the document as written.

use super::{Path, Refusal};
use crate::compose::{
    resolve::scalar_value,
    syntax::{CoreTag, NodeKind, Pair, Tree},
    yaml::Value,
};

/// How far a path leads through the document without aliases and merges.
pub enum Found<'t> {
    /// The path leads to a value. This is the chain of nodes from the root to the value.
    Value(Vec<Step<'t>>),
    /// The path leads to a mapping or list, the last node of the chain, which does not itself contain the next step.
    Until { chain: Vec<Step<'t>>, depth: usize },
    /// The path ends early at an alias or a scalar.
    Blocked { chain: Vec<Step<'t>>, depth: usize },
}

#[derive(Clone, Copy)]
pub enum Step<'t> {
    Root(&'t Tree),
    Pair { parent: &'t Tree, pair: &'t Pair },
    Item { parent: &'t Tree, index: usize },
}

impl<'t> Step<'t> {
    pub fn value(self) -> &'t Tree {
        match self {
            Self::Root(tree) => tree,
            Self::Pair { pair, .. } => &pair.value,
            Self::Item { parent, index } => &parent.items()[index].node,
        }
    }
}

pub fn find<'t>(root: &'t Tree, path: &[String]) -> Found<'t> {
    let mut chain = vec![Step::Root(root)];
    let mut tree = root;
    for (depth, name) in path.iter().enumerate() {
        let next = match &tree.kind {
            NodeKind::Mapping { .. } => tree.pair(name).map(|pair| Step::Pair { parent: tree, pair }),
            NodeKind::Sequence { items, .. } => name
                .parse::<usize>()
                .ok()
                .filter(|index| *index < items.len())
                .map(|index| Step::Item { parent: tree, index }),
            NodeKind::Missing => None,
            // `key: null` means the same as `key:`.
            NodeKind::Scalar { text, style }
                if tree.tag.is_none() && scalar_value(text, *style, None) == Value::Null =>
            {
                None
            }
            NodeKind::Scalar { .. } | NodeKind::Alias(_) => return Found::Blocked { chain, depth },
        };
        match next {
            Some(step) => {
                tree = step.value();
                chain.push(step);
            }
            None => return Found::Until { chain, depth },
        }
    }
    Found::Value(chain)
}

/// The first value on a path that Compose ignores because of its tag, `!reset`.
pub fn reset_on<'t>(root: &'t Tree, path: &[String]) -> Option<&'t Tree> {
    let (Found::Value(chain) | Found::Until { chain, .. } | Found::Blocked { chain, .. }) = find(root, path);
    chain.into_iter().map(Step::value).find(|tree| tree.tag == Some(CoreTag::Reset))
}

/// The index of a list item. The index after the last item means appending.
pub fn item_number(tree: &Tree, name: &str, path: &Path) -> Result<usize, Refusal> {
    match name.parse::<usize>() {
        Ok(index) if index <= tree.items().len() => Ok(index),
        _ => Err(Refusal::new(
            "item-unknown",
            format!("`{}` has no item number `{name}`: it has {}", path.join("."), tree.items().len()),
        )
        .with_place(Some(tree.place))),
    }
}
