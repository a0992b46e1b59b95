//! Adds what is missing: at the end of its mapping or list, or as the first entry of an empty one.

use serde_json::{Map, Value};

use super::{
    Path, Refusal, Splice,
    find::{Step, check_number},
    habits::{self, Habits, blank_between, column, line_end},
    write,
};
use crate::compose::{
    place::Place,
    scalar::{self, Around, Quote},
    syntax::{NodeKind, Pair, Style, Tree},
};

/// Appends what is missing below `container`: the rest of the path, then the value.
pub fn append(
    text: &str,
    chain: &[Step<'_>],
    container: &Tree,
    path: &Path,
    depth: usize,
    value: &Value,
    habits: &Habits,
) -> Result<Splice, Refusal> {
    let (name, below) = (&path[depth], &path[depth + 1..]);
    let value = below.iter().rev().fold(value.clone(), |value, name| {
        let mut entries = Map::new();
        entries.insert(name.clone(), value);
        Value::Object(entries)
    });
    let around = habits.around(container);
    match &container.kind {
        NodeKind::Sequence { items, flow } => {
            let root = chain.first().map_or(container, |step| step.value());
            check_number(root, container, name, path)?;
            Ok(match (flow, items.last()) {
                (true, last) => in_brackets(
                    text,
                    container,
                    last.map(|item| item.node.end()),
                    &write::inline(&value, around),
                ),
                (false, Some(last)) => {
                    let column = column(text, items[0].dash);
                    let quote = quote_of(&last.node);
                    let line = match &value {
                        Value::String(text) => format!("- {}", scalar::write(text, quote, Around::Block)),
                        value => write::item(value, column, habits),
                    };
                    line_after(text, last.node.end().max(last.dash + 1), column, &line, habits)
                }
                (false, None) => return Err(Refusal::missing(path)),
            })
        }
        NodeKind::Mapping { pairs, flow: true }
            if habits.json || !pairs.is_empty() || chain.len() > 1 && in_flow(chain) =>
        {
            let last = pairs.last().map(Pair::end);
            Ok(in_brackets(text, container, last, &write::inline_pair(name, &value, habits.around_inside())))
        }
        NodeKind::Mapping { pairs, flow: false } if !pairs.is_empty() => {
            let column = column(text, pairs[0].key.start);
            let line = write::pair(name, &value, column, habits);
            let last = &pairs[pairs.len() - 1];
            let mut splice = line_after(text, last.end(), column, &line, habits);
            let airy = match depth {
                0 => {
                    pairs.len() < 2
                        || blank_between(text, pairs[0].end(), last.key.start)
                        || separated(text, pairs)
                }
                1 => path[0] == "services" && habits.airy,
                _ => false,
            };
            if airy {
                splice.text = format!("{}{}", habits.line_end, splice.text);
            }
            Ok(splice)
        }
        // The container is empty: an empty document, `key:` or `key: {}`.
        _ => Ok(first_entry(text, chain, container, name, &value, habits)),
    }
}

fn separated(text: &str, pairs: &[Pair]) -> bool {
    pairs.windows(2).any(|two| blank_between(text, two[0].end(), two[1].key.start))
}

fn in_flow(chain: &[Step<'_>]) -> bool {
    chain[..chain.len() - 1].iter().any(|step| step.value().is_flow())
}

fn quote_of(node: &Tree) -> Quote {
    match node.kind {
        NodeKind::Scalar { style: Style::Single, .. } => Quote::Single,
        NodeKind::Scalar { style: Style::Double, .. } => Quote::Double,
        _ => Quote::None,
    }
}

fn first_entry(
    text: &str,
    chain: &[Step<'_>],
    container: &Tree,
    name: &str,
    value: &Value,
    habits: &Habits,
) -> Splice {
    match chain.last() {
        Some(Step::Pair { pair, parent }) if !parent.is_flow() => {
            let colon = pair.colon.unwrap_or_else(|| pair.key.end());
            let mut entries = Map::new();
            entries.insert(name.to_owned(), value.clone());
            let key = pair.key.scalar().unwrap_or_default();
            let new = write::after_colon(key, &Value::Object(entries), column(text, pair.key.start), habits);
            // A comment after the colon stays on its line.
            let (place, kept) = match container.kind {
                NodeKind::Missing => (Place::at(line_end(text, colon)), ""),
                // `null`
                NodeKind::Scalar { .. } => {
                    let end = line_end(text, container.end());
                    (Place::new(colon, end), &text[container.end()..end])
                }
                _ => (Place::new(colon, container.end()), ""),
            };
            Splice { place, text: format!("{kept}{new}") }
        }
        Some(Step::Pair { pair, .. }) => {
            let colon = pair.colon.unwrap_or_else(|| pair.key.end());
            let inside = write::inline_pair(name, value, habits.around_inside());
            Splice { place: Place::new(colon, container.end().max(colon)), text: format!(" {{ {inside} }}") }
        }
        _ => {
            let line = write::pair(name, value, 0, habits);
            let break_before = if text.is_empty() || text.ends_with('\n') { "" } else { habits.line_end };
            // A whole document `{}` or `null` is replaced; comments stay.
            let place = match container.kind {
                NodeKind::Missing => Place::at(text.len()),
                _ => container.place,
            };
            let at_end = place.end == text.len();
            Splice {
                place,
                text: format!(
                    "{}{line}{}",
                    if at_end { break_before } else { "" },
                    if at_end { habits.line_end } else { "" }
                ),
            }
        }
    }
}

/// Inserts a new line after the line that contains `end`.
fn line_after(text: &str, end: usize, column: usize, line: &str, habits: &Habits) -> Splice {
    let at = habits::past_own_comments(text, line_end(text, end), column);
    Splice { place: Place::at(at), text: format!("{}{}{line}", habits.line_end, write::indent(column)) }
}

/// Inserts an entry after the last one, or between the empty brackets.
fn in_brackets(text: &str, container: &Tree, last: Option<usize>, new: &str) -> Splice {
    let Some(last) = last else {
        return Splice { place: Place::at(container.place.start + 1), text: new.to_owned() };
    };
    let first = match &container.kind {
        NodeKind::Mapping { pairs, .. } => pairs.first().map(|pair| pair.key.start),
        NodeKind::Sequence { items, .. } => items.first().map(|item| item.node.start),
        _ => None,
    };
    // Keeps one entry per line, and keeps the comment of the last entry beside it.
    let own_line = first
        .map(|first| (habits::line_start(text, first), first))
        .filter(|(start, first)| *start > container.place.start && text[*start..*first].trim().is_empty())
        .map(|(start, first)| &text[start..first]);
    let Some(indent) = own_line else {
        // `{a:, b}`: not every reader accepts a comma right after the colon.
        let space = if text[..last].ends_with(':') { " " } else { "" };
        return Splice { place: Place::at(last), text: format!("{space}, {new}") };
    };
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let behind = &text[last..habits::line_end(text, last)];
    let (comma, comment) = match behind.trim_start().strip_prefix(',') {
        Some(rest) => (",", rest),
        None => ("", behind),
    };
    if comment.trim_start().is_empty() || comment.trim_start().starts_with('#') {
        let text = format!(",{comment}{line_end}{indent}{new}{comma}");
        return Splice { place: Place::new(last, last + behind.len()), text };
    }
    Splice { place: Place::at(last), text: format!(",{line_end}{indent}{new}") }
}
