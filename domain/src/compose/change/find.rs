//! Follows a path through the document as written.

use super::{Path, Refusal};
use crate::compose::{
    resolve::scalar_value,
    syntax::{CoreTag, Item, NodeKind, Pair, Tree},
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
                .and_then(|number| counted(root, items).nth(number))
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

/// Where the items stand that Compose counts: it drops those that are marked `!reset`, or are aliases of such a value.
fn counted(root: &Tree, items: &[Item]) -> impl Iterator<Item = usize> {
    let is_suspect =
        |item: &Item| item.node.tag == Some(CoreTag::Reset) || matches!(item.node.kind, NodeKind::Alias(_));
    let mut resets = Vec::new();
    if items.iter().any(is_suspect) {
        collect_resets(root, &mut resets);
    }
    (0..items.len()).filter(move |index| match items[*index].node.kind {
        NodeKind::Alias(number) => !resets.contains(&number),
        _ => items[*index].node.tag != Some(CoreTag::Reset),
    })
}

/// The numbers of the anchors on values that Compose ignores.
fn collect_resets(tree: &Tree, found: &mut Vec<usize>) {
    if let (Some((number, _)), Some(CoreTag::Reset)) = (&tree.anchor, tree.tag) {
        found.push(*number);
    }
    tree.pairs().iter().for_each(|pair| collect_resets(&pair.value, found));
    tree.items().iter().for_each(|item| collect_resets(&item.node, found));
}

/// Whether a value has nothing left but entries that Compose ignores once the entry at the path is gone.
pub fn leaves_only_resets(root: &Tree, path: &[String]) -> bool {
    let Found::Value(chain) = find(root, path) else { return false };
    let is_reset = |tree: &Tree| tree.tag == Some(CoreTag::Reset);
    match chain.last() {
        Some(Step::Item { parent, .. }) => {
            parent.items().len() > 1 && counted(root, parent.items()).take(2).count() == 1
        }
        Some(Step::Pair { parent, pair }) => {
            let mut others =
                parent.pairs().iter().filter(|other| other.key.start != pair.key.start).peekable();
            others.peek().is_some() && others.all(|other| is_reset(&other.value))
        }
        _ => false,
    }
}

/// Refuses a number of a list item that is too large. The number after the last item means appending.
pub fn check_number(root: &Tree, tree: &Tree, name: &str, path: &Path) -> Result<(), Refusal> {
    let count = counted(root, tree.items()).count();
    match name.parse::<usize>() {
        Ok(index) if index <= count => Ok(()),
        _ => Err(Refusal::new(
            "item-unknown",
            format!("`{}` has no item number `{name}`: it has {count}", path.join(".")),
        )
        .with_place(Some(tree.place))),
    }
}
