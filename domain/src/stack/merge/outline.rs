//! Divides a text into the parts that are merged: `head core gap core gap …`, which together are the whole text.

use std::collections::BTreeMap;

use super::Part;
use crate::{
    compose::{
        Place,
        change::{line_end, line_start, past_own_comments},
        syntax::{NodeKind, Pair, Tree},
    },
    stack::Stack,
};

/// Top-level keys whose entries are parts of their own.
const SECTIONS: [&str; 5] = ["services", "networks", "volumes", "secrets", "configs"];
/// The time of a merge grows with the square of this. No real file has a tenth as many parts.
const MOST_PARTS: usize = 2000;

/// Names a part: a top-level key, or an entry of a section.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A top-level key. If the entries below it are parts of their own, this is only its line.
    Top(String),
    Entry(String, String),
}

impl Key {
    pub fn part(&self) -> Part {
        match self {
            Self::Top(key) => Part::TopLevel(key.clone()),
            Self::Entry(section, name) if section == "services" => Part::Service(name.clone()),
            Self::Entry(section, name) => Part::Declaration { section: section.clone(), name: name.clone() },
        }
    }

    /// The path of the value.
    pub fn path(&self) -> Vec<&str> {
        match self {
            Self::Top(key) => vec![key],
            Self::Entry(section, name) => vec![section, name],
        }
    }
}

#[derive(Clone, Debug)]
struct Span {
    /// From the comments directly above the key to the end of its last line, without the line break. Comments below that
    /// are indented deeper than the key belong to it.
    core: Place,
    /// From there to the next part: at least the line break, unless the text ends.
    gap: Place,
}

#[derive(Clone, Debug)]
pub struct Outline<'t> {
    text: &'t str,
    /// Everything before the first part.
    pub head: &'t str,
    /// In the order of the text.
    pub keys: Vec<Key>,
    spans: BTreeMap<Key, Span>,
    /// For each part the one that follows.
    next: BTreeMap<Key, Key>,
    previous: BTreeMap<Key, Key>,
}

impl<'t> Outline<'t> {
    /// `None` if the text cannot be divided: it is not a mapping in block style, a key is repeated or not a plain text.
    pub fn of(stack: &'t Stack) -> Option<Self> {
        let (text, tree) = (stack.text(), stack.tree());
        if !stack.is_readable() || tree.anchor.is_some() || tree.tag.is_some() {
            return None;
        }
        let mut cores = Cores { text, found: Vec::new() };
        match &tree.kind {
            NodeKind::Mapping { flow: false, pairs } => cores.top(pairs)?,
            NodeKind::Missing => {}
            _ => return None,
        }
        Self::from_cores(text, cores.found)
    }

    fn from_cores(text: &'t str, cores: Vec<(Key, Place)>) -> Option<Self> {
        let head = &text[..cores.first().map_or(text.len(), |(_, core)| core.start)];
        let mut outline = Self {
            text,
            head,
            keys: cores.iter().map(|(key, _)| key.clone()).collect(),
            spans: BTreeMap::new(),
            next: BTreeMap::new(),
            previous: BTreeMap::new(),
        };
        for (index, (key, core)) in cores.iter().enumerate() {
            let following = cores.get(index + 1);
            let gap_end = following.map_or(text.len(), |(_, next)| next.start);
            let gap = Place::new(core.end, gap_end);
            if gap_end < core.end || (following.is_some() && !gap.slice(text).contains('\n')) {
                return None;
            }
            if outline.spans.insert(key.clone(), Span { core: *core, gap }).is_some() {
                return None;
            }
            if let Some((next, _)) = following {
                outline.next.insert(key.clone(), next.clone());
                outline.previous.insert(next.clone(), key.clone());
            }
        }
        Some(outline)
    }

    pub fn core(&self, key: &Key) -> Option<&'t str> {
        self.place(key).map(|place| place.slice(self.text))
    }

    pub fn place(&self, key: &Key) -> Option<Place> {
        self.spans.get(key).map(|span| span.core)
    }

    /// What is after this part.
    pub fn gap_after(&self, key: &Key) -> Option<&'t str> {
        self.spans.get(key).map(|span| span.gap.slice(self.text))
    }

    /// What is before this part; `None` for the first one.
    pub fn gap_before(&self, key: &Key) -> Option<&'t str> {
        self.gap_after(self.previous.get(key)?)
    }

    /// What is between two parts, or between a part and the end, if nothing else is.
    pub fn gap_between(&self, key: &Key, next: Option<&Key>) -> Option<&'t str> {
        if self.next.get(key) == next { self.gap_after(key) } else { None }
    }

    /// Top-level keys, in the order of the text.
    pub fn top(&self) -> Vec<&str> {
        self.keys
            .iter()
            .filter_map(|key| if let Key::Top(key) = key { Some(key.as_str()) } else { None })
            .collect()
    }

    /// The entries of a section, in the order of the text.
    pub fn entries(&self, of: &str) -> Vec<&str> {
        self.keys
            .iter()
            .filter_map(|key| match key {
                Key::Entry(section, name) if section == of => Some(name.as_str()),
                _ => None,
            })
            .collect()
    }
}

struct Cores<'t> {
    text: &'t str,
    found: Vec<(Key, Place)>,
}

impl Cores<'_> {
    fn top(&mut self, pairs: &[Pair]) -> Option<()> {
        for pair in pairs {
            let name = plain_key(pair)?;
            match &pair.value.kind {
                NodeKind::Mapping { flow: false, pairs } if SECTIONS.contains(&name) => {
                    let header = pair.colon?.max(pair.value.anchor.map_or(0, |(_, place)| place.end));
                    if pair.value.tag.is_some() {
                        return None;
                    }
                    self.add(Key::Top(name.to_owned()), &pair.key, line_end(self.text, header))?;
                    for entry in pairs {
                        let key = Key::Entry(name.to_owned(), plain_key(entry)?.to_owned());
                        self.add(key, &entry.key, self.end_of(entry))?;
                    }
                }
                _ => self.add(Key::Top(name.to_owned()), &pair.key, self.end_of(pair))?,
            }
        }
        Some(())
    }

    /// The end of the last line of a part, which may be a comment that is indented deeper than the key.
    fn end_of(&self, pair: &Pair) -> usize {
        let column = pair.key.start - line_start(self.text, pair.key.start);
        past_own_comments(self.text, line_end(self.text, pair.end()), column)
    }

    /// `end` is the end of the last line.
    fn add(&mut self, key: Key, written: &Tree, end: usize) -> Option<()> {
        let before = self.found.last().map(|(_, core)| core.end);
        let start = start_of(self.text, written.start, before)?;
        self.found.push((key, Place::new(start, end)));
        (self.found.len() <= MOST_PARTS).then_some(())
    }
}

fn plain_key(pair: &Pair) -> Option<&str> {
    if pair.key.anchor.is_some() || pair.key.tag.is_some() {
        return None;
    }
    pair.key.scalar()
}

/// Where a part starts: at the comments directly above its key, indented like it, otherwise at the line of the key.
/// `None` if anything else is on that line. `before` is the end of the previous part.
fn start_of(text: &str, key: usize, before: Option<usize>) -> Option<usize> {
    // A byte-order mark belongs to the head.
    let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut start = line_start(text, key).max(first);
    let indentation = text.get(start..key)?;
    if !indentation.bytes().all(|byte| byte == b' ') || before.is_some_and(|before| start <= before) {
        return None;
    }
    while start > first {
        let above = line_start(text, start - 1).max(first);
        let line = text.get(above..start)?;
        let is_comment = line.strip_prefix(indentation).is_some_and(|rest| rest.starts_with('#'));
        if !is_comment || before.is_some_and(|before| above <= before) {
            break;
        }
        start = above;
    }
    Some(start)
}
