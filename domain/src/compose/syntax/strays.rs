//! Invisible characters that the parser reads otherwise than Compose, so that a file would not mean what it is shown to mean.

use super::{
    tokens::MARK,
    tree::{NodeKind, Style, SyntaxError, Tree},
};
use crate::compose::{place::Place, plain_words::STRAY_MARK};

/// The first such character of a text, as an error.
pub fn stray(text: &str, tree: &Tree) -> Option<SyntaxError> {
    let error = |offset, message| SyntaxError { code: "not-yaml", message, offset };
    if let Some(offset) = stray_mark(text) {
        return Some(error(offset, STRAY_MARK.to_owned()));
    }
    let (offset, sign) = stray_break(text, tree)?;
    let message = format!(
        "An invisible line break (U+{:04X}) stands here: Compose reads what follows as a new line. Remove it.",
        u32::from(sign)
    );
    Some(error(offset, message))
}

/// The offset of a byte-order mark that the parser skips before the document, but Compose reads as part of the first key.
fn stray_mark(text: &str) -> Option<usize> {
    let mut at = text.chars().take(2).take_while(|c| *c == MARK).map(char::len_utf8).sum();
    loop {
        let rest = &text[at..];
        match rest.chars().next()? {
            MARK => return Some(at),
            ' ' | '\t' | '\r' | '\n' => at += 1,
            '#' | '%' => at += rest.find(['\r', '\n']).unwrap_or(rest.len()),
            _ => return None,
        }
    }
}

/// A line break of YAML 1.1, which Compose reads, that is none in YAML 1.2. What follows one in a comment or in a block of text
/// can be a key for Compose. Between quotes, a line break changes no more than the text.
fn stray_break(text: &str, tree: &Tree) -> Option<(usize, char)> {
    let is_break = |c: char| matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}');
    if !text.contains(is_break) {
        return None;
    }
    let mut quoted = Vec::new();
    collect_quoted(tree, &mut quoted);
    let is_quoted = |offset: usize| {
        let next = quoted.partition_point(|place| place.end <= offset);
        quoted.get(next).is_some_and(|place| place.contains(offset))
    };
    text.char_indices().find(|(offset, c)| is_break(*c) && !is_quoted(*offset))
}

/// The places of all quoted texts, in the order of the text.
fn collect_quoted(tree: &Tree, quoted: &mut Vec<Place>) {
    match &tree.kind {
        NodeKind::Scalar { style: Style::Single | Style::Double, .. } => quoted.push(tree.place),
        NodeKind::Sequence { items, .. } => items.iter().for_each(|item| collect_quoted(&item.node, quoted)),
        NodeKind::Mapping { pairs, .. } => {
            for pair in pairs {
                collect_quoted(&pair.key, quoted);
                collect_quoted(&pair.value, quoted);
            }
        }
        NodeKind::Missing | NodeKind::Alias(_) | NodeKind::Scalar { .. } => {}
    }
}
