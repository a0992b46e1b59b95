//! Removes a key or an item: only its own lines.

use super::{
    Refusal, Splice,
    find::{Found, Step, find},
    habits::{line_end, line_start, next_line},
    remains,
};
use crate::compose::{
    place::Place,
    syntax::{NodeKind, Tree},
};

pub fn remove(text: &str, tree: &Tree, path: &[String]) -> Result<Splice, Refusal> {
    let Found::Value(mut chain) = find(tree, path) else { return Err(Refusal::missing(path)) };
    let mut path = path;
    // A mapping or list that loses its last entry is removed, too.
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
    Err(Refusal::missing(path))
}

fn empty_document(text: &str, tree: &Tree) -> Splice {
    let start = line_start(text, tree.start);
    let start = if text[start..tree.start].trim().is_empty() { start } else { tree.start };
    Splice { place: Place::new(start, next_line(text, tree.end())), text: String::new() }
}

fn splice(text: &str, step: Step<'_>, parent: &Tree) -> Splice {
    let spans: Vec<Place> = match &parent.kind {
        NodeKind::Mapping { pairs, .. } => {
            pairs.iter().map(|pair| Place::new(pair.key.start, pair.end())).collect()
        }
        NodeKind::Sequence { items, .. } => items
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
    if parent.is_flow() {
        in_flow(text, own, before, after)
    } else {
        Splice { place: lines(text, own, after), text: String::new() }
    }
}

/// Removes an entry and the comma before it, or the comma after it for the first entry. Comments of other entries
/// stay.
fn in_flow(text: &str, own: Place, before: Option<&Place>, after: Option<&Place>) -> Splice {
    let gone = |place| Splice { place, text: String::new() };
    if let Some(comma) = comma_of_own_line(text, own) {
        let lines = Place::new(line_start(text, own.start), next_line(text, own.end));
        return match before {
            Some(before) if !comma => {
                let kept = without_comma(&text[before.end..lines.start]);
                Splice { place: Place::new(before.end, lines.end), text: kept }
            }
            _ => gone(lines),
        };
    }
    match (before, after) {
        (None, Some(after)) => gone(Place::new(own.start, after.start)),
        (Some(before), _) => {
            let between = &text[before.end..own.start];
            let kept = if between.contains('#') { without_comma(between) } else { String::new() };
            Splice { place: Place::new(before.end, own.end), text: kept }
        }
        (None, None) => gone(Place::new(own.start, own.end + usize::from(text[own.end..].starts_with(',')))),
    }
}

/// Whether a comma follows an entry that shares its lines with no other; `None` if it shares a line.
fn comma_of_own_line(text: &str, own: Place) -> Option<bool> {
    let before = &text[line_start(text, own.start)..own.start];
    let behind = text[own.end..line_end(text, own.end)].trim_start();
    let rest = behind.strip_prefix(',').unwrap_or(behind).trim_start();
    let alone = before.trim().is_empty() && (rest.is_empty() || rest.starts_with('#'));
    // At the end of the file there may be no whole line to remove.
    (alone && line_end(text, own.end) < text.len()).then_some(behind.starts_with(','))
}

/// Removes the comma from the text between two entries.
fn without_comma(between: &str) -> String {
    between.replacen(',', "", 1)
}

fn lines(text: &str, own: Place, after: Option<&Place>) -> Place {
    let start = line_start(text, own.start);
    if !text[start..own.start].trim().is_empty() {
        // The key follows a dash, so the next key moves up to the dash.
        let end = after.map_or_else(|| line_end(text, own.end), |after| after.start);
        return Place::new(own.start, end);
    }
    let end = next_line(text, own.end);
    if end == text.len() && !text.ends_with('\n') {
        // The last line has no line break, so the break before it is removed.
        let start =
            text[..start].strip_suffix("\r\n").or(text[..start].strip_suffix('\n')).map_or(start, str::len);
        return Place::new(start, end);
    }
    Place::new(without_blank_before(text, start, end), end)
}

/// Also removes one of two blank lines that would become adjacent.
fn without_blank_before(text: &str, start: usize, end: usize) -> usize {
    if start == 0 {
        return start;
    }
    let before = line_start(text, start - 1);
    let blank = |from: usize, to: usize| text.get(from..to).is_some_and(|line| line.trim().is_empty());
    let blank_after = end >= text.len() || blank(end, next_line(text, end));
    if blank(before, start) && blank_after { before } else { start }
}
