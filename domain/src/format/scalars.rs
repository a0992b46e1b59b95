//! Writes keys and single values.

use super::build::{STEP, Shift};
use crate::compose::{
    scalar::{Around, Quote, resolve, write},
    syntax::{NodeKind, Style, Tree},
    yaml::Value,
};

/// A value as it will be written.
pub struct Written {
    pub first: String,
    /// Further lines, with their indentation.
    pub more: Vec<String>,
    /// Where it ends in the original text.
    pub end: usize,
}

/// A key with its colon.
pub fn key(text: &str, tree: &Tree) -> String {
    let mut out = properties(text, tree);
    if !out.is_empty() {
        out.push(' ');
    }
    match &tree.kind {
        NodeKind::Scalar { text: value, style } if tree.tag.is_none() && *style != Style::Plain => {
            out.push_str(&write(value, Quote::None, Around::Block));
        }
        NodeKind::Scalar { text: value, .. } if tree.place.slice(text).contains('\n') => {
            out.push_str(&write(value, Quote::Double, Around::Block));
        }
        // Without the space, the colon would belong to the alias.
        NodeKind::Alias(_) => {
            out.push_str(tree.place.slice(text));
            out.push(' ');
        }
        _ => out.push_str(tree.place.slice(text)),
    }
    out.push(':');
    out
}

/// The anchor and the tag of a node, as written.
pub fn properties(text: &str, tree: &Tree) -> String {
    let before = text.get(tree.start..tree.place.start).unwrap_or_default();
    let mut found: Vec<&str> = Vec::new();
    for line in before.lines() {
        found.extend(line.split_whitespace().take_while(|word| word.starts_with(['&', '!'])));
    }
    if let (true, NodeKind::Missing) = (found.is_empty(), &tree.kind) {
        found.extend(tag_after(text, tree));
    }
    found.join(" ")
}

/// The tag of a missing value, whose place the tree does not know.
fn tag_after<'t>(text: &'t str, tree: &Tree) -> Option<&'t str> {
    tree.tag?;
    let line = text.get(tree.place.end..)?.lines().next()?;
    line.split_whitespace().next().filter(|word| word.starts_with('!'))
}

/// A value that is no block collection. Entries of `ports` in the short form are always in double quotes.
pub fn value(text: &str, tree: &Tree, shift: Shift, is_port: bool) -> Written {
    let raw = tree.place.slice(text);
    let mut end = tree.place.end;
    let (first, more) = match &tree.kind {
        NodeKind::Missing => {
            let tag = tag_after(text, tree)
                .and_then(|tag| Some(text.get(tree.place.end..)?.find(tag)? + tag.len()));
            end += tag.unwrap_or_default();
            (String::new(), Vec::new())
        }
        NodeKind::Scalar { style: Style::Literal | Style::Folded, .. } => block(raw, shift),
        NodeKind::Scalar { .. } if raw.contains('\n') => lines(raw, shift, shift.indent + STEP),
        NodeKind::Scalar { text: value, style } if tree.tag.is_none() => {
            (scalar(raw, value, *style, is_port), Vec::new())
        }
        NodeKind::Mapping { .. } | NodeKind::Sequence { .. } => lines(raw, shift, shift.indent),
        _ => (raw.to_owned(), Vec::new()),
    };
    Written { first, more, end }
}

fn scalar(raw: &str, value: &str, style: Style, is_port: bool) -> String {
    // A bare number stays one: in quotes it would be a text.
    let is_text = style != Style::Plain || matches!(resolve(value), Value::String(_));
    match (is_port && is_text, style) {
        (true, _) => write(value, Quote::Double, Around::Block),
        (false, Style::Plain) => raw.to_owned(),
        (false, _) => write(value, Quote::None, Around::Block),
    }
}

/// A text or a collection in several lines. They are moved with the entry; inside brackets, lines that do not close one
/// are indented deeper than it.
fn lines(raw: &str, shift: Shift, least: usize) -> (String, Vec<String>) {
    let mut lines = raw.split('\n').map(trimmed);
    let first = lines.next().unwrap_or_default().to_owned();
    let mut more: Vec<String> = Vec::new();
    for line in lines {
        let content = line.trim_start_matches(' ');
        let blank_above = more.last().is_some_and(String::is_empty);
        if content.is_empty() {
            // Blank lines of a text are part of it.
            if !(blank_above && raw.starts_with(['{', '['])) {
                more.push(String::new());
            }
            continue;
        }
        let least = if content.starts_with(['}', ']']) { least } else { least.max(shift.indent + STEP) };
        more.push(shift.line(line, least));
    }
    (first, more)
}

/// Without the white space at the end, unless it is escaped.
fn trimmed(line: &str) -> &str {
    let trimmed = line.trim_end_matches([' ', '\t']);
    if trimmed.ends_with('\\') { line } else { trimmed }
}

/// A block scalar. The content of its lines stays, and their indentation relative to each other.
fn block(raw: &str, shift: Shift) -> (String, Vec<String>) {
    let (header, content) = match raw.split_once('\n') {
        Some((header, content)) => (header, Some(content)),
        None => (raw, None),
    };
    let length =
        header.find(|c: char| !matches!(c, '|' | '>' | '+' | '-' | '0'..='9')).unwrap_or(header.len());
    let header = header[..length].to_owned();
    let Some(content) = content else { return (header, Vec::new()) };
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let stated = header.bytes().find(u8::is_ascii_digit).map(|digit| usize::from(digit - b'0'));
    let (old, new) = match stated {
        Some(step) => (shift.column + step, shift.indent + step),
        None => {
            let first = content.split('\n').find(|line| !line.trim_start_matches(' ').is_empty());
            let old = first.map_or_else(|| content.split('\n').map(indent).max().unwrap_or(0), indent);
            (old, shift.indent + STEP)
        }
    };
    let moved = content.split('\n').map(|line| match line.get(old..) {
        Some(rest) if indent(line) >= old && !rest.is_empty() => format!("{}{rest}", " ".repeat(new)),
        // A blank line, or one that is indented less than the text.
        _ => line.trim_start_matches(' ').to_owned(),
    });
    (header, moved.collect())
}
