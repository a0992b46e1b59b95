//! Divides a text into entries: pairs of mappings and items of lists, each with the comments that belong to it.
//!
//! A comment behind an entry belongs to that entry. Comments on lines of their own belong to the entry below, unless they
//! are indented deeper than it: then they are the end of the block above. A `# stacker:` comment always belongs to the
//! entry below, which is what it is about.

use super::{
    marks::{self, Inside, Mark},
    scalars,
};
use crate::compose::{
    place::Place,
    syntax::{Item, NodeKind, Pair, Style, Tree},
};

pub const STEP: usize = 2;

#[derive(Debug, Default)]
pub struct Document {
    /// What stays at the top: document markers, and comments that a blank line separates from the first entry.
    pub head: Vec<Line>,
    pub entries: Vec<Entry>,
    pub tail: Vec<Line>,
}

/// A comment or a document marker.
#[derive(Clone, Debug)]
pub struct Line {
    /// Whether a blank line is above it.
    pub blank: bool,
    pub marker: bool,
    pub asks: bool,
    pub text: String,
}

#[derive(Debug, Default)]
pub struct Entry {
    /// The key as it is read, for its position.
    pub key: String,
    /// From its key or dash to the end of its value, in the original text.
    pub place: Place,
    /// Whether a blank line is above it and the comments that belong to it.
    pub blank: bool,
    /// The comments above it.
    pub lead: Vec<Line>,
    /// Whether a blank line is between these comments and the entry.
    pub gap: bool,
    pub is_item: bool,
    /// The first line, without indentation: `image: nginx`, `ports:`, `- "80:80"`, `-`.
    pub first: String,
    /// The comment behind it.
    pub trail: Option<String>,
    /// The further lines of the value, with their indentation.
    pub more: Vec<String>,
    /// Whether blank lines below would become part of the value.
    pub keeps_blanks: bool,
    pub children: Vec<Entry>,
    /// Comments at the end of its block.
    pub tail: Vec<Line>,
    /// Comments at the top of its block that stay there.
    pub head: Vec<Line>,
}

/// Where an entry is, as far as rules depend on it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    Root,
    Services,
    Service,
    Ports,
    Other,
}

impl Spot {
    pub fn below(self, key: &str) -> Self {
        match (self, key) {
            (Self::Root, "services") => Self::Services,
            (Self::Services, _) => Self::Service,
            (Self::Service, "ports") => Self::Ports,
            _ => Self::Other,
        }
    }
}

pub fn document(text: &str, tree: &Tree) -> Document {
    let mut builder = Builder { text, marks: marks::marks(text, tree, Inside::Blocks), next: 0, cursor: 0 };
    let mut entries = match &tree.kind {
        NodeKind::Mapping { flow: false, pairs } => builder.pairs(pairs, 0, Spot::Root),
        NodeKind::Missing if tree.tag.is_none() && tree.anchor.is_none() => Vec::new(),
        _ => vec![builder.whole(tree)],
    };
    let head = entries.first_mut().map(take_head).unwrap_or_default();
    let tail = builder.lines_until(text.len() + 1);
    Document { head, entries, tail }
}

/// Takes from the first entry of a block the comments that are about the block.
pub fn take_head(first: &mut Entry) -> Vec<Line> {
    let last_marker = first.lead.iter().rposition(|line| line.marker).map_or(0, |at| at + 1);
    let separated = if first.gap {
        first.lead.len()
    } else {
        first.lead.iter().rposition(|line| line.blank).unwrap_or_default()
    };
    let asked = first.lead.iter().position(|line| line.asks).unwrap_or(usize::MAX);
    let split = separated.max(last_marker).min(asked.max(last_marker));
    let lead = first.lead.split_off(split);
    let head = std::mem::replace(&mut first.lead, lead);
    if !head.is_empty() {
        first.blank = first.lead.first().map_or(first.gap, |line| line.blank);
        first.gap = first.gap && !first.lead.is_empty();
    }
    head
}

struct Builder<'t> {
    text: &'t str,
    marks: Vec<Mark>,
    next: usize,
    /// The end of what has been taken so far.
    cursor: usize,
}

impl<'t> Builder<'t> {
    fn pairs(&mut self, pairs: &[Pair], indent: usize, spot: Spot) -> Vec<Entry> {
        pairs.iter().map(|pair| self.pair(pair, indent, spot)).collect()
    }

    fn items(&mut self, items: &[Item], indent: usize, spot: Spot) -> Vec<Entry> {
        items.iter().map(|item| self.item(item, indent, spot)).collect()
    }

    fn pair(&mut self, pair: &Pair, indent: usize, spot: Spot) -> Entry {
        let key = pair.key.scalar().unwrap_or_default();
        let mut entry = self.entry(Place::new(pair.key.start, pair.end()));
        entry.key = key.to_owned();
        entry.first = scalars::key(self.text, &pair.key);
        self.cursor = pair.key.end().max(pair.colon.unwrap_or(0));
        self.value(&mut entry, &pair.value, indent, spot.below(key));
        entry
    }

    fn item(&mut self, item: &Item, indent: usize, spot: Spot) -> Entry {
        let mut entry = self.entry(Place::new(item.dash, item.node.end().max(item.dash)));
        entry.is_item = true;
        "-".clone_into(&mut entry.first);
        self.cursor = item.dash + 1;
        self.value(&mut entry, &item.node, indent, spot);
        entry
    }

    /// A document that is no block mapping, such as a JSON file.
    fn whole(&mut self, tree: &Tree) -> Entry {
        let mut entry = self.entry(Place::new(tree.start, tree.end()));
        self.value(&mut entry, tree, 0, Spot::Other);
        entry.first = entry.first.trim_start().to_owned();
        entry
    }

    /// An entry with the comments above it.
    fn entry(&mut self, place: Place) -> Entry {
        let lead = self.lines_until(place.start);
        let gap = self.is_blank_before(place.start);
        let blank = lead.first().map_or(gap, |line| line.blank);
        let gap = gap && !lead.is_empty();
        Entry { place, blank, lead, gap, ..Entry::default() }
    }

    fn value(&mut self, entry: &mut Entry, tree: &Tree, indent: usize, spot: Spot) {
        let column = self.column(entry.place.start);
        let properties = scalars::properties(self.text, tree);
        if !properties.is_empty() {
            entry.first.push(' ');
            entry.first.push_str(&properties);
        }
        match &tree.kind {
            NodeKind::Mapping { flow: false, pairs } if !pairs.is_empty() => {
                entry.trail = self.trail(tree.place.start);
                entry.children = self.pairs(pairs, indent + STEP, spot);
            }
            NodeKind::Sequence { flow: false, items } if !items.is_empty() => {
                entry.trail = self.trail(tree.place.start);
                entry.children = self.items(items, indent + STEP, spot);
            }
            _ => self.leaf(entry, tree, Shift { column, indent }, spot),
        }
        entry.tail = self.tail(column);
    }

    fn leaf(&mut self, entry: &mut Entry, tree: &Tree, shift: Shift, spot: Spot) {
        entry.trail = self.trail(tree.place.start);
        // Comments between a key and its value.
        entry.lead.extend(self.lines_until(tree.place.start));
        let mut written = scalars::value(self.text, tree, shift, spot == Spot::Ports && entry.is_item);
        if !written.first.is_empty() {
            entry.first.push(' ');
            entry.first.push_str(&written.first);
        }
        let is_block = matches!(tree.kind, NodeKind::Scalar { style: Style::Literal | Style::Folded, .. });
        if is_block {
            let header =
                self.text[tree.place.start..].find('\n').map_or(self.text.len(), |at| tree.place.start + at);
            self.cursor = self.cursor.max(tree.place.start + written.first.len());
            self.behind(entry, header);
        }
        self.cursor = self.cursor.max(tree.end()).max(written.end);
        if !is_block {
            self.behind(entry, self.text.len() + 1);
        }
        if let (false, Some(last)) = (is_block, written.more.last_mut())
            && let Some(trail) = entry.trail.take()
        {
            last.push(' ');
            last.push_str(&trail);
        }
        entry.keeps_blanks = is_block && written.first.contains('+');
        entry.more = written.more;
    }

    /// Takes the comment behind a value. If there was one behind the key already, that one moves above the entry.
    fn behind(&mut self, entry: &mut Entry, until: usize) {
        let Some(trail) = self.trail(until) else { return };
        if let Some(before) = entry.trail.replace(trail) {
            entry.lead.push(Line { blank: false, marker: false, asks: false, text: before });
        }
    }

    /// The comment on the line that has been taken last.
    fn trail(&mut self, until: usize) -> Option<String> {
        let mark = *self.marks.get(self.next)?;
        let same_line = self.text.get(self.cursor..mark.place.start).is_some_and(|gap| !gap.contains('\n'));
        if mark.own_line || mark.place.start >= until || !same_line {
            return None;
        }
        self.next += 1;
        self.cursor = mark.place.end;
        Some(mark.text(self.text).to_owned())
    }

    /// The comments below an entry that belong to it: those that are indented deeper.
    fn tail(&mut self, column: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        while let Some(mark) = self.marks.get(self.next).copied() {
            let follows =
                self.text.get(self.cursor..mark.place.start).is_some_and(|gap| gap.trim().is_empty());
            if !follows || !mark.own_line || mark.column <= column || mark.asks || mark.marker {
                break;
            }
            lines.push(self.line(mark));
        }
        lines
    }

    fn lines_until(&mut self, offset: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        while let Some(mark) = self.marks.get(self.next).copied().filter(|mark| mark.place.start < offset) {
            lines.push(self.line(mark));
        }
        lines
    }

    fn line(&mut self, mark: Mark) -> Line {
        let blank = self.is_blank_before(mark.place.start);
        self.next += 1;
        self.cursor = self.cursor.max(mark.place.end);
        Line { blank, marker: mark.marker, asks: mark.asks, text: mark.text(self.text).to_owned() }
    }

    fn is_blank_before(&self, offset: usize) -> bool {
        let gap = self.text.get(self.cursor..offset).unwrap_or_default();
        gap.bytes().filter(|byte| *byte == b'\n').count() > 1
    }

    fn column(&self, offset: usize) -> usize {
        let before = &self.text[..offset];
        before[before.rfind('\n').map_or(0, |at| at + 1)..].chars().count()
    }
}

/// Where an entry was and where it will be.
#[derive(Clone, Copy)]
pub struct Shift {
    pub column: usize,
    pub indent: usize,
}

impl Shift {
    /// A further line of the entry's value, moved with the entry, but indented by at least `least`.
    pub fn line(self, line: &str, least: usize) -> String {
        let content = line.trim_start_matches(' ');
        let old = line.len() - content.len();
        let new = (old + self.indent).saturating_sub(self.column).max(least);
        format!("{}{content}", " ".repeat(new))
    }
}
