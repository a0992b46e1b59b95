//! The document as written: aliases and merges are not resolved, and every token has its place. Edits work on this
//! tree; [`resolve`](crate::compose::resolve) computes its values.

use super::super::place::Place;

#[derive(Clone, Debug)]
pub struct Tree {
    pub kind: NodeKind,
    /// The place of the value. It includes the header of a block scalar, but no anchor or tag. It is empty for a
    /// missing value.
    pub place: Place,
    /// Where the node begins, including its anchor and tag.
    pub start: usize,
    /// The number and the place of the node's anchor.
    pub anchor: Option<(usize, Place)>,
    pub tag: Option<CoreTag>,
}

/// Tags that change the meaning of a value. Other tags have no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoreTag {
    /// `!!str`, and any tag of one's own: a scalar is text.
    Text,
    Null,
    /// `!!int`, `!!float`, `!!bool`: a scalar in quotes is read like a plain one.
    Plain,
    /// `!reset`: Compose ignores the key and its value.
    Reset,
    /// `!override`: in a file that is merged with others, the value replaces theirs.
    Override,
    Other,
}

#[derive(Clone, Debug)]
pub enum NodeKind {
    /// There is no value, as in `key:`.
    Missing,
    Scalar {
        text: String,
        style: Style,
    },
    /// The number of the anchor that the alias refers to.
    Alias(usize),
    Sequence {
        flow: bool,
        items: Vec<Item>,
    },
    Mapping {
        flow: bool,
        pairs: Vec<Pair>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    Single,
    Double,
    Literal,
    Folded,
}

#[derive(Clone, Debug)]
pub struct Item {
    /// The offset of the dash. In flow sequences, the offset at which the item begins.
    pub dash: usize,
    pub node: Tree,
}

#[derive(Clone, Debug)]
pub struct Pair {
    pub key: Tree,
    /// The offset after the colon; `None` if there is no colon, as in `{a, b}`.
    pub colon: Option<usize>,
    pub value: Tree,
}

impl Tree {
    pub(super) fn missing(at: usize) -> Self {
        Self { kind: NodeKind::Missing, place: Place::at(at), start: at, anchor: None, tag: None }
    }

    /// The text of the node, if it is a scalar.
    pub fn scalar(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    pub fn pairs(&self) -> &[Pair] {
        match &self.kind {
            NodeKind::Mapping { pairs, .. } => pairs,
            _ => &[],
        }
    }

    pub fn items(&self) -> &[Item] {
        match &self.kind {
            NodeKind::Sequence { items, .. } => items,
            _ => &[],
        }
    }

    pub fn pair(&self, key: &str) -> Option<&Pair> {
        self.pairs().iter().rev().find(|pair| pair.key.scalar() == Some(key))
    }

    pub fn is_flow(&self) -> bool {
        matches!(self.kind, NodeKind::Sequence { flow: true, .. } | NodeKind::Mapping { flow: true, .. })
    }

    /// Where the node ends: after its value, or after the anchor of an empty value.
    pub fn end(&self) -> usize {
        self.place.end.max(self.anchor.map_or(0, |(_, place)| place.end))
    }
}

impl Pair {
    pub fn end(&self) -> usize {
        self.value.end().max(self.colon.unwrap_or(0)).max(self.key.end())
    }
}

/// Why a text is not valid YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    pub code: &'static str,
    pub message: String,
    pub offset: usize,
}

/// What could be read, and the error that stopped the reading.
pub struct Parsed {
    pub tree: Tree,
    pub error: Option<SyntaxError>,
    /// The line `%YAML`, if it names a version that Compose does not read.
    pub version: Option<Place>,
}
