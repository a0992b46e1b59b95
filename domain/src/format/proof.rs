//! Compares a formatted text with the original: the same values, comments, anchors and tags, and nothing left to format.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use super::{
    FormatError,
    build::Spot,
    laid_out,
    marks::{self, Inside},
};
use crate::{
    check::comments,
    compose::{
        place::Place,
        syntax::{self, NodeKind, Tree},
        yaml::{Node, Value},
    },
    stack::Stack,
};

/// `plain` is the original with `\n` as line break.
pub fn prove(before: &Stack, plain: &str, formatted: &str) -> Result<(), FormatError> {
    let after = Stack::read(formatted);
    if !means_the_same(before, &after) {
        return Err(FormatError::Unsafe("the formatted text would mean something else"));
    }
    let (old, new) = (syntax::parse(plain).tree, after.tree());
    if Notes::of(plain, &old) != Notes::of(formatted, new) {
        return Err(FormatError::Unsafe("a comment, an anchor or a tag would be lost"));
    }
    if requests(plain, &old) != requests(formatted, new) {
        return Err(FormatError::Unsafe("a `# stacker:` comment would be about something else"));
    }
    if laid_out(formatted) != formatted {
        return Err(FormatError::Unsafe("formatting the text again would change it again"));
    }
    Ok(())
}

/// Whether the second stack is readable and has the values of the first.
pub fn means_the_same(before: &Stack, after: &Stack) -> bool {
    after.is_readable() && same(&before.model().root, &after.model().root, Spot::Root)
}

/// Whether two values are equal. The order of keys counts, except where keys are sorted.
fn same(a: &Node, b: &Node, spot: Spot) -> bool {
    match (&a.value, &b.value) {
        (Value::Sequence(a), Value::Sequence(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b, Spot::Other))
        }
        (Value::Mapping(a), Value::Mapping(b)) if a.len() == b.len() => {
            let is_sorted = matches!(spot, Spot::Root | Spot::Service);
            let by_key: BTreeMap<&str, &Node> = match is_sorted {
                true => b.iter().map(|entry| (entry.key.as_str(), &entry.value)).collect(),
                false => BTreeMap::new(),
            };
            a.iter().zip(b).all(|(a, b)| {
                let other = match is_sorted {
                    true => by_key.get(a.key.as_str()).copied(),
                    false => (a.key == b.key).then_some(&b.value),
                };
                other.is_some_and(|other| same(&a.value, other, spot.below(&a.key)))
            })
        }
        (Value::Mapping(_), _) | (_, Value::Mapping(_)) => false,
        (a_value, b_value) => {
            std::mem::discriminant(a_value) == std::mem::discriminant(b_value) && a.to_json() == b.to_json()
        }
    }
}

/// What a text has beside its values, and how often.
#[derive(Default, PartialEq)]
struct Notes<'t> {
    comments: BTreeMap<&'t str, usize>,
    anchors: BTreeMap<&'t str, usize>,
    aliases: usize,
    /// By kind. The trees of both texts come from the same reader, so its names for the kinds will do.
    tags: BTreeMap<String, usize>,
}

impl<'t> Notes<'t> {
    fn of(text: &'t str, tree: &Tree) -> Self {
        let mut notes = Self::default();
        for mark in marks::marks(text, tree, Inside::Brackets) {
            *notes.comments.entry(mark.text(text)).or_default() += 1;
        }
        notes.add(text, tree);
        notes
    }

    fn add(&mut self, text: &'t str, tree: &Tree) {
        if let Some((_, place)) = tree.anchor {
            *self.anchors.entry(place.slice(text)).or_default() += 1;
        }
        if let Some(tag) = tree.tag {
            *self.tags.entry(format!("{tag:?}")).or_default() += 1;
        }
        match &tree.kind {
            NodeKind::Alias(_) => self.aliases += 1,
            NodeKind::Sequence { items, .. } => items.iter().for_each(|item| self.add(text, &item.node)),
            NodeKind::Mapping { pairs, .. } => {
                for pair in pairs {
                    self.add(text, &pair.key);
                    self.add(text, &pair.value);
                }
            }
            NodeKind::Missing | NodeKind::Scalar { .. } => {}
        }
    }
}

/// What each `# stacker:` comment says, and which entry it is about.
fn requests(text: &str, tree: &Tree) -> Vec<(String, Option<u64>)> {
    let comments = comments::comments(text, tree);
    if comments.is_empty() {
        return Vec::new();
    }
    let mut entries = Vec::new();
    paths(tree, 0, &mut entries);
    let about = |place: Place| {
        let at = entries.partition_point(|(start, _)| *start < place.start);
        entries.get(at).filter(|(start, _)| *start <= place.end).map(|(_, path)| *path)
    };
    let mut found: Vec<_> = comments
        .into_iter()
        .map(|comment| {
            let place = comment.asks.and_then(|asks| asks.about);
            (comment.place.slice(text).trim_end().to_owned(), place.and_then(about))
        })
        .collect();
    found.sort();
    found
}

/// The start of every entry and the hash of its path, in the order of the text.
fn paths(tree: &Tree, parent: u64, found: &mut Vec<(usize, u64)>) {
    for pair in tree.pairs() {
        let path = step(parent, pair.key.scalar().unwrap_or_default());
        found.push((pair.key.start, path));
        paths(&pair.value, path, found);
    }
    for (index, item) in tree.items().iter().enumerate() {
        let path = step(parent, &index.to_string());
        found.push((item.dash, path));
        paths(&item.node, path, found);
    }
}

fn step(parent: u64, key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (parent, key).hash(&mut hasher);
    hasher.finish()
}
