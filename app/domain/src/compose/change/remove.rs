//! Taking a key or an item out: its lines and no others.

use super::{
    Obstacle, Splice,
    find::{Found, Step, find},
    habits::{line_end, line_start, next_line},
    remains,
};
use crate::compose::{
    place::Place,
    syntax::{Kind, Tree},
};

pub fn remove(text: &str, tree: &Tree, path: &[String]) -> Result<Splice, Obstacle> {
    let Found::Value(mut chain) = find(tree, path) else { return Err(Obstacle::missing(path)) };
    let mut path = path;
    // The last one of a mapping or list takes it along.
    while let Some(&step) = chain.last() {
        let parent = match step {
            Step::Root(_) => return Ok(empty_document(text, tree)),
            Step::Pair { parent, .. } | Step::Item { parent, .. } => parent,
        };
        let count = parent.pairs().len() + parent.items().len();
        if count > 1 {
            return Ok(splice(text, step, parent));
        }
        path = &path[..path.len() - 1];
        chain.pop();
        if let Some(rest) = remains(path) {
            return Ok(match chain.last() {
                Some(Step::Pair { pair, .. }) => {
                    let from = pair.colon.unwrap_or_else(|| pair.key.end());
                    let bare = rest.is_null() && !parent.is_flow();
                    let text = if bare { String::new() } else { " {}".to_owned() };
                    Splice { place: Place::new(from, pair.end().max(from)), text }
                }
                _ => empty_document(text, tree),
            });
        }
    }
    Err(Obstacle::missing(path))
}

fn empty_document(text: &str, tree: &Tree) -> Splice {
    let start = line_start(text, tree.start);
    let start = if text[start..tree.start].trim().is_empty() { start } else { tree.start };
    Splice { place: Place::new(start, next_line(text, tree.end())), text: String::new() }
}

fn splice(text: &str, step: Step<'_>, parent: &Tree) -> Splice {
    let spans: Vec<Place> = match &parent.kind {
        Kind::Mapping { pairs, .. } => {
            pairs.iter().map(|pair| Place::new(pair.key.start, pair.end())).collect()
        }
        Kind::Sequence { items, .. } => items
            .iter()
            .map(|item| Place::new(item.dash.min(item.node.start), item.node.end().max(item.dash + 1)))
            .collect(),
        _ => Vec::new(),
    };
    let own = match step {
        Step::Pair { pair, .. } => Place::new(pair.key.start, pair.end()),
        Step::Item { parent, index } => {
            let item = &parent.items()[index];
            Place::new(item.dash.min(item.node.start), item.node.end().max(item.dash + 1))
        }
        Step::Root(tree) => tree.place,
    };
    let before = spans.iter().rev().find(|span| span.end <= own.start && **span != own);
    let after = spans.iter().find(|span| span.start >= own.end && **span != own);
    let place = if parent.is_flow() { in_flow(text, own, before, after) } else { lines(text, own, after) };
    Splice { place, text: String::new() }
}

/// With the comma before it; for the first one, with the comma behind it.
fn in_flow(text: &str, own: Place, before: Option<&Place>, after: Option<&Place>) -> Place {
    match (before, after) {
        (None, Some(after)) => Place::new(own.start, after.start),
        (Some(before), _) => Place::new(before.end, own.end),
        (None, None) => Place::new(own.start, own.end + usize::from(text[own.end..].starts_with(','))),
    }
}

fn lines(text: &str, own: Place, after: Option<&Place>) -> Place {
    let start = line_start(text, own.start);
    if !text[start..own.start].trim().is_empty() {
        // Behind a dash: the next key moves up to it.
        let end = after.map_or_else(|| line_end(text, own.end), |after| after.start);
        return Place::new(own.start, end);
    }
    let end = next_line(text, own.end);
    if end == text.len() && !text.ends_with('\n') {
        // The last line of a file without a final line break: the break before it goes.
        let start =
            text[..start].strip_suffix("\r\n").or(text[..start].strip_suffix('\n')).map_or(start, str::len);
        return Place::new(start, end);
    }
    Place::new(without_blank_before(text, start, end), end)
}

/// Of two blank lines that would meet, one goes too.
fn without_blank_before(text: &str, start: usize, end: usize) -> usize {
    if start == 0 {
        return start;
    }
    let before = line_start(text, start - 1);
    let blank = |from: usize, to: usize| text.get(from..to).is_some_and(|line| line.trim().is_empty());
    let blank_after = end >= text.len() || blank(end, next_line(text, end));
    if blank(before, start) && blank_after { before } else { start }
}
