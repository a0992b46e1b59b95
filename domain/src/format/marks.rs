//! Finds comments and document markers: everything in a text that is neither value nor structure.

use crate::compose::{
    place::Place,
    syntax::{NodeKind, Style, Tree},
};

/// A comment, or a line that belongs to the document as a whole: `---`, `...` or a directive.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// Without the line break.
    pub place: Place,
    /// The number of characters before it in its line.
    pub column: usize,
    /// Whether only white space precedes it in its line.
    pub own_line: bool,
    pub marker: bool,
    /// Whether it is a `# stacker:` comment about an entry.
    pub asks: bool,
}

impl Mark {
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        self.place.slice(text).trim_end()
    }
}

/// Where comments are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Inside {
    /// Not inside brackets: there they belong to the value.
    Blocks,
    Brackets,
}

/// The marks in the order of the text.
pub fn marks(text: &str, tree: &Tree, inside: Inside) -> Vec<Mark> {
    let mut values = Vec::new();
    collect(text, tree, inside, &mut values);
    let mut found = Vec::new();
    let mut from = 0;
    for value in values {
        scan(text, from, value.start, &mut found);
        from = from.max(value.end);
    }
    scan(text, from, text.len(), &mut found);
    found
}

/// The places in which `#` starts no comment of its own, in the order of the text.
fn collect(text: &str, tree: &Tree, inside: Inside, values: &mut Vec<Place>) {
    match &tree.kind {
        NodeKind::Scalar { style: Style::Literal | Style::Folded, .. } => {
            let header = tree.place.slice(text).find('\n').unwrap_or(tree.place.end - tree.place.start);
            values.push(Place::new(tree.place.start + header, tree.place.end));
        }
        NodeKind::Scalar { .. } => values.push(tree.place),
        _ if tree.is_flow() && inside == Inside::Blocks => values.push(tree.place),
        NodeKind::Sequence { items, .. } => {
            items.iter().for_each(|item| collect(text, &item.node, inside, values));
        }
        NodeKind::Mapping { pairs, .. } => {
            for pair in pairs {
                collect(text, &pair.key, inside, values);
                collect(text, &pair.value, inside, values);
            }
        }
        NodeKind::Missing | NodeKind::Alias(_) => {}
    }
}

fn scan(text: &str, from: usize, to: usize, found: &mut Vec<Mark>) {
    let mut at = from;
    let bytes = text.as_bytes();
    while at < to {
        let starts_line = at == 0 || bytes.get(at - 1) == Some(&b'\n');
        let rest = text.get(at..to).unwrap_or_default();
        if starts_line && let Some(length) = marker(rest) {
            found.push(mark(text, Place::new(at, at + length), true));
            at += length;
            continue;
        }
        let after_space = at == 0 || bytes.get(at - 1).is_some_and(u8::is_ascii_whitespace);
        if bytes.get(at) == Some(&b'#') && after_space {
            let end = at + rest.find('\n').unwrap_or(rest.len());
            found.push(mark(text, Place::new(at, end), false));
            at = end;
        } else {
            // A step of one character, because only whole characters can be sliced.
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
}

/// The length of the marker at the start of a line, with the comment behind it.
fn marker(line: &str) -> Option<usize> {
    let line = line.split('\n').next().unwrap_or_default();
    if line.starts_with('%') {
        return Some(line.trim_end().len());
    }
    let rest = line.strip_prefix("---").or_else(|| line.strip_prefix("..."))?;
    if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
        return None;
    }
    let is_alone = rest.trim().is_empty() || rest.trim_start().starts_with('#');
    Some(if is_alone { line.trim_end().len() } else { 3 })
}

fn mark(text: &str, place: Place, marker: bool) -> Mark {
    let before = &text[..place.start];
    let before = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    let own_line = before.trim().is_empty();
    let asks = !marker && own_line && asks(place.slice(text));
    Mark { place, column: before.chars().count(), own_line, marker, asks }
}

/// Whether a comment is about the entry after it. Comments about the whole file may stand anywhere.
fn asks(comment: &str) -> bool {
    let words = comment.trim_start_matches('#').trim_start();
    let verb =
        words.strip_prefix("stacker:").map(|words| words.trim_start().split([' ', '\t', ',', ':']).next());
    verb.flatten().is_some_and(|verb| !verb.ends_with("-file"))
}
