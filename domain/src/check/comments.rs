//! Comments that switch a rule off or lower its severity: `# stacker: ignore image-unpinned: we test each build`.
//!
//! `ignore`, `hint` or `warning` is followed by codes, and after a colon by the reason. A comment behind an entry is about
//! that entry with everything below it: behind `web:`, it is about the whole service. A comment on a line of its own is
//! about the entry after it. `ignore-file`, `hint-file` and `warning-file` are about the whole file, wherever they stand.

use crate::{
    compose::{
        place::Place,
        syntax::{NodeKind, Style, Tree},
    },
    reporting::Level,
};

pub const MARK: &str = "stacker:";
/// More comments are an accident or an attack.
const MOST_COMMENTS: usize = 1_000;

/// One comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From the `#` to the end of the line.
    pub place: Place,
    /// What it asks for; `None` if it is not understood.
    pub asks: Option<Request>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What the codes become.
    pub level: Level,
    pub codes: Vec<String>,
    pub reason: Option<String>,
    /// Where it counts; `None` for the whole file.
    pub about: Option<Place>,
}

/// All comments of this kind, in the order of the text.
pub fn comments(text: &str, tree: &Tree) -> Vec<Comment> {
    if !text.contains(MARK) {
        return Vec::new();
    }
    let outline = Outline::of(tree);
    let mut found = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        if let Some(at) = comment_in(content)
            && !outline.is_value(line_start + at)
        {
            let place = Place::new(line_start + at, line_start + content.len());
            let about = || outline.entry_on(target(text, line_start, content, at));
            let words = content[at..].trim_start_matches('#').trim_start();
            let words = words.strip_prefix(MARK).unwrap_or_default();
            found.push(Comment { place, asks: request(words, about) });
            if found.len() == MOST_COMMENTS {
                break;
            }
        }
        line_start += line.len();
    }
    found
}

/// The offset of the `#` that starts a comment with the mark.
fn comment_in(line: &str) -> Option<usize> {
    let is_start = |at: usize| line[..at].chars().next_back().is_none_or(char::is_whitespace);
    line.match_indices('#')
        .map(|(at, _)| at)
        .find(|at| is_start(*at) && line[*at..].trim_start_matches('#').trim_start().starts_with(MARK))
}

/// The line that the comment is about: its own, or the next one with an entry.
fn target(text: &str, line_start: usize, line: &str, at: usize) -> Place {
    if !line[..at].trim().is_empty() {
        return Place::new(line_start, line_start + line.len());
    }
    let mut start = line_start;
    for line in text[line_start..].split_inclusive('\n') {
        let content = line.trim();
        if !content.is_empty() && !content.starts_with('#') {
            return Place::new(start, start + line.trim_end().len());
        }
        start += line.len();
    }
    Place::at(text.len())
}

/// `None` if the comment is not understood.
fn request(words: &str, about: impl FnOnce() -> Place) -> Option<Request> {
    let (head, reason) = match words.split_once(':') {
        Some((head, reason)) => (head, Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty())),
        None => (words, None),
    };
    let mut parts = head.split([' ', '\t', ',']).filter(|part| !part.is_empty());
    let verb = parts.next()?;
    let (verb, is_for_file) = match verb.strip_suffix("-file") {
        Some(verb) => (verb, true),
        None => (verb, false),
    };
    let level = match verb {
        "ignore" => Level::Off,
        "hint" => Level::Hint,
        "warning" => Level::Warning,
        _ => return None,
    };
    let codes: Vec<String> = parts.map(str::to_owned).collect();
    (!codes.is_empty()).then(|| Request { level, codes, reason, about: (!is_for_file).then(about) })
}

/// Whether a comment cannot begin at this offset, because it would be part of a value.
pub fn is_in_value(tree: &Tree, offset: usize) -> bool {
    Outline::of(tree).is_value(offset)
}

/// Where the innermost entry begins that the offset is in.
pub fn entry_around(tree: &Tree, offset: usize) -> Option<usize> {
    let outline = Outline::of(tree);
    let around = |entry: &&Place| entry.start <= offset && offset <= entry.end;
    outline.entries.iter().rev().find(around).map(|entry| entry.start)
}

/// Where values and entries are.
#[derive(Default)]
struct Outline {
    /// The scalars, in the order of the text. Of a block scalar, the lines after its header.
    values: Vec<Place>,
    /// The entries of mappings and sequences, in the order of the text; an outer one before those inside it.
    entries: Vec<Place>,
}

impl Outline {
    fn of(tree: &Tree) -> Self {
        let mut outline = Self::default();
        outline.add(tree);
        outline
    }

    fn add(&mut self, tree: &Tree) {
        match &tree.kind {
            NodeKind::Scalar { text: _, style } => {
                let mut place = tree.place;
                if matches!(style, Style::Literal | Style::Folded) {
                    // The header ends at its line; a comment there is a comment.
                    place.start += 1;
                }
                self.values.push(place);
            }
            NodeKind::Sequence { items, .. } => {
                for item in items {
                    self.entries.push(Place::new(item.dash, item.node.end().max(item.dash)));
                    self.add(&item.node);
                }
            }
            NodeKind::Mapping { pairs, .. } => {
                for pair in pairs {
                    self.entries.push(Place::new(pair.key.start, pair.end()));
                    self.add(&pair.key);
                    self.add(&pair.value);
                }
            }
            NodeKind::Missing | NodeKind::Alias(_) => {}
        }
    }

    fn is_value(&self, offset: usize) -> bool {
        let after = self.values.partition_point(|place| place.start <= offset);
        after.checked_sub(1).and_then(|at| self.values.get(at)).is_some_and(|place| offset < place.end)
    }

    /// The outermost entry that begins on the line, or else the line itself.
    fn entry_on(&self, line: Place) -> Place {
        let first = self.entries.partition_point(|entry| entry.start < line.start);
        match self.entries.get(first) {
            Some(entry) if entry.start <= line.end => Place::new(line.start, entry.end.max(line.end)),
            _ => line,
        }
    }
}
