//! Sets a value: in place if it exists, otherwise at the end of its mapping or list.

use serde_json::{Map, Value};

use super::{
    Path, Refusal, Splice,
    find::{Found, Step, find, item_number},
    habits::{self, Habits, blank_between, column, line_end},
    write,
};
use crate::compose::{
    place::Place,
    scalar::{self, Around, Quote},
    syntax::{CoreTag, NodeKind, Pair, Style, Tree},
};

/// How a value can be set.
pub enum Way {
    Splice(Splice),
    /// The value at this depth is shared or merged in: a copy must be written there first.
    Copy {
        depth: usize,
    },
}

pub fn set(text: &str, tree: &Tree, path: &Path, value: &Value, habits: &Habits) -> Result<Way, Refusal> {
    Ok(match find(tree, path) {
        Found::Value(chain) => Way::Splice(match chain.last() {
            Some(Step::Pair { parent, pair }) => replace_pair(text, parent, pair, value, habits),
            Some(Step::Item { parent, index }) => replace_item(text, parent, *index, value, habits),
            _ => {
                return Err(Refusal::new("not-possible", "the whole document can't be set this way"));
            }
        }),
        Found::Blocked { depth, chain } => match chain.last().map(|step| &step.value().kind) {
            Some(NodeKind::Alias(_)) => Way::Copy { depth },
            _ => {
                return Err(Refusal::new(
                    "not-a-collection",
                    format!(
                        "`{}` is a single value, so nothing can be set below it",
                        path[..depth].join(".")
                    ),
                )
                .with_place(chain.last().map(|step| step.value().place)));
            }
        },
        Found::Until { chain, depth } => {
            let container = chain.last().map_or(tree, |step| step.value());
            Way::Splice(append(text, &chain, container, path, depth, value, habits)?)
        }
    })
}

/// Writes a scalar in the same quotes as the scalar that it replaces.
pub fn replacement_scalar(old: &Tree, text: &str, around: Around) -> String {
    let wanted = match &old.kind {
        NodeKind::Scalar { style: Style::Single, .. } => Quote::Single,
        NodeKind::Scalar { style: Style::Double, .. } => Quote::Double,
        _ => Quote::None,
    };
    scalar::write(text, wanted, around)
}

fn around(habits: &Habits, parent: &Tree) -> Around {
    match (habits.json, parent.is_flow()) {
        (true, _) => Around::Json,
        (false, true) => Around::Flow,
        (false, false) => Around::Block,
    }
}

fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
}

fn scalar_text(old: &Tree, value: &Value, around: Around) -> String {
    match value {
        Value::String(text) => replacement_scalar(old, text, around),
        value => write::inline(value, around),
    }
}

fn replace_pair(text: &str, parent: &Tree, pair: &Pair, value: &Value, habits: &Habits) -> Splice {
    let old = &pair.value;
    let around = around(habits, parent);
    let colon = pair.colon.unwrap_or_else(|| pair.key.end());
    match (&old.kind, value) {
        (NodeKind::Scalar { .. } | NodeKind::Alias(_), value) if is_scalar(value) && !value.is_null() => {
            Splice { place: old.place, text: scalar_text(old, value, around) }
        }
        (NodeKind::Missing, value) if is_scalar(value) && !value.is_null() => {
            let sign = if pair.colon.is_none() { ": " } else { " " };
            Splice { place: Place::at(colon), text: format!("{sign}{}", write::inline(value, around)) }
        }
        (_, value) if around != Around::Block => {
            let start = if matches!(old.kind, NodeKind::Missing) { colon } else { old.start };
            let space = if matches!(old.kind, NodeKind::Missing) { " " } else { "" };
            Splice {
                place: Place::new(start, old.end().max(start)),
                text: format!("{space}{}", write::inline(value, around)),
            }
        }
        (_, value) => {
            let key = pair.key.scalar().unwrap_or_default();
            let new = write::after_colon(key, value, column(text, pair.key.start), habits);
            // The tag says how to merge the value with those of other files, whatever it is.
            let tag = if old.tag == Some(CoreTag::Override) { " !override" } else { "" };
            Splice { place: Place::new(colon, old.end().max(colon)), text: format!("{tag}{new}") }
        }
    }
}

fn replace_item(text: &str, parent: &Tree, index: usize, value: &Value, habits: &Habits) -> Splice {
    let item = &parent.items()[index];
    let around = around(habits, parent);
    if around != Around::Block
        || (is_scalar(value) && matches!(item.node.kind, NodeKind::Scalar { .. } | NodeKind::Alias(_)))
    {
        let new = if is_scalar(value) {
            scalar_text(&item.node, value, around)
        } else {
            write::inline(value, around)
        };
        return Splice { place: item.node.place, text: new };
    }
    let new = write::item(value, column(text, item.dash), habits);
    Splice { place: Place::new(item.dash, item.node.end().max(item.dash + 1)), text: new }
}

/// Appends what is missing below `container`: the rest of the path, then the value.
fn append(
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
    let around = around(habits, container);
    match &container.kind {
        NodeKind::Sequence { items, flow } => {
            item_number(container, name, path)?;
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
            Ok(in_brackets(text, container, last, &write::inline_pair(name, &value, around_inside(habits))))
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

fn around_inside(habits: &Habits) -> Around {
    if habits.json { Around::Json } else { Around::Flow }
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
            let inside = write::inline_pair(name, value, around_inside(habits));
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
