//! Computes the values of a document: types scalars, follows aliases, and applies merges (`<<`).

use std::collections::{HashMap, HashSet};

use super::{
    place::Place,
    scalar,
    syntax::{CoreTag, NodeKind, Pair, Style, SyntaxError, Tree},
    yaml::{Entry, Node, Value},
};

/// The maximum number of nodes. A file of 1 MiB reaches it only with aliases that multiply its nodes.
const NODE_LIMIT: usize = 400_000;
const DEPTH_LIMIT: usize = 128;
/// Text of this length counts like a node, so that aliases cannot multiply long texts either.
const BYTES_OF_A_NODE: usize = 64;

/// A key that occurs twice in one mapping.
pub struct Duplicate {
    pub key: String,
    pub place: Place,
    pub first: Place,
}

/// Which entry counts if a key occurs several times in a mapping: the last one, or the one that many before it.
///
/// An edit changes the last one, and so does the model. The others are read only to be checked.
#[derive(Clone, Copy)]
pub struct Earlier(pub usize);

pub struct Resolved {
    pub root: Node,
    pub duplicates: Vec<Duplicate>,
    /// Keys that are not text, which Compose does not accept: collections, numbers, `true`, `null`, dates.
    pub odd_keys: Vec<Place>,
    /// `<<` with a value that cannot be merged.
    pub bad_merges: Vec<Place>,
    pub error: Option<SyntaxError>,
    /// The entries that took the place of the last one of the same key, from key to value.
    pub chosen: Vec<Place>,
}

pub fn resolve(tree: &Tree) -> Resolved {
    resolve_with(tree, Earlier(0))
}

pub fn resolve_with(tree: &Tree, earlier: Earlier) -> Resolved {
    let mut resolver = Resolver {
        earlier,
        anchors: HashMap::new(),
        resets: HashSet::new(),
        nodes: 0,
        out: Resolved {
            root: Node::default(),
            duplicates: Vec::new(),
            odd_keys: Vec::new(),
            bad_merges: Vec::new(),
            error: None,
            chosen: Vec::new(),
        },
    };
    resolver.out.root = resolver.node(tree, 0);
    resolver.out
}

struct Resolver {
    earlier: Earlier,
    /// The anchored nodes by anchor number. An anchor is added only when its node is complete, so a node cannot
    /// contain itself.
    anchors: HashMap<usize, Node>,
    /// The anchors of values that Compose ignores.
    resets: HashSet<usize>,
    nodes: usize,
    out: Resolved,
}

impl Resolver {
    fn node(&mut self, tree: &Tree, depth: usize) -> Node {
        if !self.counts(1, depth, tree.place) {
            return Node::default();
        }
        let value = match &tree.kind {
            NodeKind::Missing => match tree.tag {
                Some(CoreTag::Text) => Value::String(String::new()),
                _ => Value::Null,
            },
            NodeKind::Scalar { text, style } => scalar_value(text, *style, tree.tag),
            NodeKind::Alias(number) => return self.alias(*number, tree.place, depth),
            NodeKind::Sequence { items, .. } => {
                let mut nodes = Vec::with_capacity(items.len());
                for item in items {
                    let node = self.node(&item.node, depth + 1);
                    if !self.is_reset(&item.node) {
                        nodes.push(node);
                    }
                }
                Value::Sequence(nodes)
            }
            NodeKind::Mapping { pairs, .. } => Value::Mapping(self.mapping(pairs, depth)),
        };
        let node = Node { value, place: tree.place, alias: None };
        if let Some((number, _)) = tree.anchor {
            self.anchors.insert(number, node.clone());
            if tree.tag == Some(CoreTag::Reset) {
                self.resets.insert(number);
            }
        }
        node
    }

    /// Whether Compose drops the value, together with its key.
    fn is_reset(&self, tree: &Tree) -> bool {
        match tree.kind {
            NodeKind::Alias(number) => self.resets.contains(&number),
            _ => tree.tag == Some(CoreTag::Reset),
        }
    }

    fn alias(&mut self, number: usize, place: Place, depth: usize) -> Node {
        let Some(target) = self.anchors.get(&number) else {
            self.stop("alias-of-itself", place, "This alias is inside the value that it refers to. Remove it, or give the value another anchor.");
            return Node { place, ..Node::default() };
        };
        let size = size(target);
        if !self.counts(size, depth, place) {
            return Node { place, ..Node::default() };
        }
        self.anchors
            .get(&number)
            .map_or_else(Node::default, |target| Node { alias: Some(place), ..target.clone() })
    }

    fn mapping(&mut self, pairs: &[Pair], depth: usize) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::with_capacity(pairs.len());
        let mut seen: HashMap<String, usize> = HashMap::with_capacity(pairs.len());
        let mut merges = Vec::new();
        // For each key that occurs several times, the entries before the last one.
        let mut replaced: HashMap<usize, Vec<Entry>> = HashMap::new();
        for pair in pairs {
            let value = self.node(&pair.value, depth + 1);
            let key = self.key(&pair.key);
            if self.is_reset(&pair.value) {
                continue;
            }
            if key == "<<" && matches!(pair.key.kind, NodeKind::Scalar { style: Style::Plain, .. }) {
                merges.push((entries.len(), value));
                continue;
            }
            let entry = Entry { key: key.clone(), key_place: pair.key.place, value, merged: false };
            match seen.get(&key) {
                Some(&at) => {
                    let first = entries[at].key_place;
                    self.out.duplicates.push(Duplicate { key, place: pair.key.place, first });
                    let before = std::mem::replace(&mut entries[at], entry);
                    if self.earlier.0 > 0 {
                        replaced.entry(at).or_default().push(before);
                    }
                }
                None => {
                    seen.insert(key, entries.len());
                    entries.push(entry);
                }
            }
        }
        for (at, mut before) in replaced {
            // With fewer entries than that, the last one counts: it has been read before.
            if let Some(index) = before.len().checked_sub(self.earlier.0) {
                let entry = before.swap_remove(index);
                self.out.chosen.push(Place::new(entry.key_place.start, entry.value.here().end));
                entries[at] = entry;
            }
        }
        for (at, value) in merges.into_iter().rev() {
            self.merge(&mut entries, at, &value);
        }
        entries
    }

    /// The mapping's own keys win over merged ones; in a list of merges the earlier one wins.
    fn merge(&mut self, entries: &mut Vec<Entry>, at: usize, source: &Node) {
        let sources: &[Node] = match &source.value {
            Value::Mapping(_) => std::slice::from_ref(source),
            Value::Sequence(items) => items,
            Value::Null => return,
            _ => {
                self.out.bad_merges.push(source.here());
                return;
            }
        };
        let mut at = at.min(entries.len());
        for mapping in sources {
            if !matches!(mapping.value, Value::Mapping(_)) {
                self.out.bad_merges.push(mapping.here());
                continue;
            }
            for entry in mapping.entries() {
                if entries.iter().all(|own| own.key != entry.key) {
                    entries.insert(at, Entry { merged: true, ..entry.clone() });
                    at += 1;
                }
            }
        }
    }

    fn key(&mut self, tree: &Tree) -> String {
        match &tree.kind {
            NodeKind::Scalar { text, style } => {
                if !matches!(scalar_value(text, *style, tree.tag), Value::String(_)) {
                    self.out.odd_keys.push(tree.place);
                }
                if let Some((number, _)) = tree.anchor {
                    let value = self.node(tree, 0);
                    self.anchors.insert(number, value);
                }
                text.clone()
            }
            NodeKind::Alias(number) => {
                let target = self.anchors.get(number);
                if !target.is_some_and(|target| matches!(target.value, Value::String(_))) {
                    self.out.odd_keys.push(tree.place);
                }
                target.and_then(Node::text).unwrap_or_default()
            }
            NodeKind::Missing | NodeKind::Sequence { .. } | NodeKind::Mapping { .. } => {
                self.out.odd_keys.push(tree.place);
                String::new()
            }
        }
    }

    fn counts(&mut self, nodes: usize, depth: usize, place: Place) -> bool {
        self.nodes += nodes;
        if self.nodes > NODE_LIMIT || depth > DEPTH_LIMIT {
            self.stop(
                "too-many-aliases",
                place,
                "The file becomes too large to read when its aliases are written out. Use fewer aliases of aliases.",
            );
            return false;
        }
        true
    }

    fn stop(&mut self, code: &'static str, place: Place, message: &str) {
        if self.out.error.is_none() {
            self.out.error = Some(SyntaxError { code, message: message.to_owned(), offset: place.start });
        }
    }
}

pub fn scalar_value(text: &str, style: Style, tag: Option<CoreTag>) -> Value {
    match (style, tag) {
        (_, Some(CoreTag::Text)) => Value::String(text.to_owned()),
        (_, Some(CoreTag::Null)) => Value::Null,
        (Style::Plain, _) | (_, Some(CoreTag::Plain)) => scalar::resolve(text),
        _ => Value::String(text.to_owned()),
    }
}

/// What a copy of the node costs, in nodes.
fn size(node: &Node) -> usize {
    1 + match &node.value {
        Value::Sequence(items) => items.iter().map(size).sum(),
        Value::Mapping(entries) => {
            entries.iter().map(|entry| entry.key.len() / BYTES_OF_A_NODE + size(&entry.value)).sum::<usize>()
        }
        Value::String(text) | Value::Timestamp(text) => text.len() / BYTES_OF_A_NODE,
        _ => 0,
    }
}
