//! The style of a file, which new text must follow.

use crate::compose::{
    scalar::Around,
    syntax::{NodeKind, Tree},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// The number of columns from a key to the keys below it.
    pub step: usize,
    /// The number of columns from a key to the dashes below it. It can be 0.
    pub dash: usize,
    pub line_end: &'static str,
    /// Whether empty volumes and networks are written as `name: {}`.
    pub braces: bool,
    /// Whether keys are quoted and collections are in brackets, as in a JSON file.
    pub json: bool,
    /// Whether blank lines separate the services.
    pub airy: bool,
}

impl Habits {
    pub fn of(text: &str, tree: &Tree) -> Self {
        let mut seen = Seen::default();
        look(text, tree, &mut seen, 0);
        let services = tree.pair("services").map(|pair| pair.value.pairs()).unwrap_or_default();
        let airy = services.windows(2).any(|pair| blank_between(text, pair[0].end(), pair[1].key.start));
        Self {
            step: seen.step.unwrap_or(2).clamp(1, 8),
            dash: seen.dash.unwrap_or_else(|| seen.step.unwrap_or(2)).min(8),
            line_end: if text.contains("\r\n") { "\r\n" } else { "\n" },
            braces: seen.braces > seen.bare,
            json: matches!(tree.kind, NodeKind::Mapping { flow: true, .. }),
            airy,
        }
    }

    /// Where the entries of a mapping or list are written.
    pub fn around(&self, parent: &Tree) -> Around {
        match (self.json, parent.is_flow()) {
            (true, _) => Around::Json,
            (false, true) => Around::Flow,
            (false, false) => Around::Block,
        }
    }

    /// Where entries between brackets are written.
    pub fn around_inside(&self) -> Around {
        if self.json { Around::Json } else { Around::Flow }
    }
}

#[derive(Default)]
struct Seen {
    step: Option<usize>,
    dash: Option<usize>,
    braces: usize,
    bare: usize,
}

fn look(text: &str, tree: &Tree, seen: &mut Seen, depth: usize) {
    for pair in tree.pairs() {
        let key = column(text, pair.key.start);
        match &pair.value.kind {
            NodeKind::Mapping { flow: false, pairs } if !pairs.is_empty() => {
                let child = column(text, pairs[0].key.start);
                if child > key {
                    seen.step.get_or_insert(child - key);
                }
            }
            NodeKind::Sequence { flow: false, items } if !items.is_empty() => {
                seen.dash.get_or_insert(column(text, items[0].dash).saturating_sub(key));
            }
            NodeKind::Mapping { flow: true, pairs } if depth == 1 && pairs.is_empty() => seen.braces += 1,
            NodeKind::Missing if depth == 1 => seen.bare += 1,
            _ => {}
        }
        look(text, &pair.value, seen, depth + 1);
    }
    for item in tree.items() {
        look(text, &item.node, seen, depth + 1);
    }
}

/// The number of characters before an offset in its line.
pub fn column(text: &str, offset: usize) -> usize {
    text[line_start(text, offset)..offset].chars().filter(|c| *c != '\u{feff}').count()
}

pub fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

/// The offset before the line break.
pub fn line_end(text: &str, offset: usize) -> usize {
    let end = text[offset..].find('\n').map_or(text.len(), |at| offset + at);
    if end > offset && text.as_bytes()[end - 1] == b'\r' { end - 1 } else { end }
}

/// The end of the last comment below a line that is indented deeper than `column`: such comments belong to what is above
/// them, and what is added in that column comes after them. The end of the line if there are none.
pub fn past_own_comments(text: &str, line_end_before: usize, column: usize) -> usize {
    let (mut last, mut at) = (line_end_before, line_end_before);
    loop {
        let start = next_line(text, at);
        if start >= text.len() {
            return last;
        }
        let end = line_end(text, start);
        let line = &text[start..end];
        let indent = line.len() - line.trim_start_matches(' ').len();
        match line.trim_start().as_bytes().first() {
            None => {}
            Some(b'#') if indent > column => last = end,
            Some(_) => return last,
        }
        at = end;
    }
}

/// The offset after the line break.
pub fn next_line(text: &str, offset: usize) -> usize {
    text[offset..].find('\n').map_or(text.len(), |at| offset + at + 1)
}

pub fn blank_between(text: &str, from: usize, to: usize) -> bool {
    let gap = text.get(from..to).unwrap_or_default();
    let lines: Vec<&str> = gap.split('\n').collect();
    lines.len() > 2 && lines[1..lines.len() - 1].iter().any(|line| line.trim().is_empty())
}
