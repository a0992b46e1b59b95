//! Removes a key or an item: only its own lines.

use super::{
    Refusal, Splice,
    find::{Found, Step, find},
    habits::{column, line_end, line_start, next_line, past_own_comments},
    remains,
};
use crate::compose::{
    place::Place,
    syntax::{NodeKind, Tree},
};

pub fn remove(text: &str, tree: &Tree, path: &[String]) -> Result<Splice, Refusal> {
    let Found::Value(mut chain) = find(tree, path) else { return Err(Refusal::missing(path)) };
    let mut path = path;
    let asked = chain.last().copied();
    // What is commented out in a service goes with it, and does not become part of the service above.
    let with_comments = path.len() == 2 && path.first().is_some_and(|first| first == "services");
    // A mapping or list that loses its last entry is removed, too.
    while let Some(&step) = chain.last() {
        let parent = match step {
            Step::Root(_) => return Ok(empty_document(text, tree)),
            Step::Pair { parent, .. } | Step::Item { parent, .. } => parent,
        };
        let count = parent.pairs().len() + parent.items().len();
        if count > 1 {
            let mut splice = splice(text, step, parent);
            if let (Step::Pair { pair, .. }, true, false) = (step, with_comments, parent.is_flow()) {
                let last = line_end(text, pair.end());
                let end = past_own_comments(text, last, column(text, pair.key.start));
                if end > last && splice.place.end < end {
                    splice.place.end = next_line(text, end);
                }
            }
            let emptied = asked.is_some_and(|asked| asked.value().place != step.value().place);
            if let (Some(Step::Pair { pair, .. }), Some(asked), true, false) =
                (chain.last(), asked, emptied, parent.is_flow())
            {
                let column = column(text, pair.key.start);
                splice.text = comments_beside(text, step.value(), asked, column, line_break(text));
            }
            return Ok(splice);
        }
        path = &path[..path.len() - 1];
        chain.pop();
        if let Some(rest) = remains(path) {
            return Ok(match chain.last() {
                Some(Step::Pair { pair, .. }) => {
                    let from = pair.colon.unwrap_or_else(|| pair.key.end());
                    let bare = rest.is_null() && !parent.is_flow();
                    let place = Place::new(from, pair.end().max(from));
                    if !bare {
                        return Ok(Splice { place, text: " {}".to_owned() });
                    }
                    let column = column(text, pair.key.start) + 2;
                    let comments = asked
                        .map(|asked| comments_beside(text, &pair.value, asked, column, line_break(text)));
                    let comments = comments.filter(|comments| !comments.is_empty());
                    let kept =
                        comments.map(|comments| format!("{}{}", line_break(text), comments.trim_end()));
                    Splice { place, text: kept.unwrap_or_default() }
                }
                _ => empty_document(text, tree),
            });
        }
    }
    Err(Refusal::missing(path))
}

/// The whole-line comments inside a value, except those inside the entry that is removed.
fn comments_beside(text: &str, value: &Tree, removed: Step<'_>, column: usize, line_break: &str) -> String {
    let mut scalars = Vec::new();
    places_of_scalars(value, &mut scalars);
    let gone = removed.value().place;
    let inside = |place: &Place, at: usize| place.start <= at && at < place.end;
    let (mut out, mut at) = (String::new(), next_line(text, value.start.min(value.place.start)));
    // The lines of a block begin on the line of its first entry, comments before that belong to it too.
    let key_end = text[..value.place.start].rfind(':').map_or(value.place.start, |colon| colon + 1);
    at = at.min(next_line(text, key_end));
    while at < value.place.end {
        let line = &text[at..line_end(text, at)];
        let begin = at + line.len() - line.trim_start().len();
        if line.trim_start().starts_with('#')
            && !inside(&gone, begin)
            && !scalars.iter().any(|place| inside(place, begin))
        {
            out.push_str(&" ".repeat(column));
            out.push_str(line.trim());
            out.push_str(line_break);
        }
        let next = next_line(text, at);
        if next <= at {
            break;
        }
        at = next;
    }
    out
}

fn places_of_scalars(tree: &Tree, places: &mut Vec<Place>) {
    if matches!(tree.kind, NodeKind::Scalar { .. }) {
        places.push(tree.place);
    }
    tree.pairs().iter().for_each(|pair| places_of_scalars(&pair.value, places));
    tree.items().iter().for_each(|item| places_of_scalars(&item.node, places));
}

fn line_break(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
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
