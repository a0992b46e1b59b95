//! Finds in the text what the parser does not report, and translates what it does.

use granit_parser::{ScalarStyle, Tag};

use super::tree::{CoreTag, Style};
use crate::compose::place::Place;

/// The length of a block scalar, up to the end of the last line that is part of its value. Blank lines at its end are
/// part of it after `|+` and `>+`, and if they are indented deeper than its text.
pub fn block_length(raw: &str) -> usize {
    let solid = raw.trim_end().len();
    let (header, content) = raw[..solid].split_once('\n').unwrap_or((&raw[..solid], ""));
    let blank = &raw[solid..];
    let Some(last) = blank.rfind('\n') else { return solid };
    let without_return = |end: usize| if raw[..end].ends_with('\r') { end - 1 } else { end };
    if header.split('#').next().is_some_and(|header| header.contains('+')) {
        return without_return(solid + last).max(solid);
    }
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let lines = content.lines().filter(|line| !line.trim().is_empty());
    let Some(text_indent) = lines.map(indent).min() else { return solid };
    let (mut end, mut at) = (solid, solid);
    for line in blank[..last].split_inclusive('\n') {
        at += line.len();
        if indent(line.trim_end_matches(['\r', '\n'])) > text_indent {
            end = at - (line.len() - line.trim_end_matches(['\r', '\n']).len());
        }
    }
    end
}

pub fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}

pub fn core_tag(tag: &Tag) -> CoreTag {
    match (tag.core_suffix(), tag.suffix()) {
        (Some("str"), _) => CoreTag::Text,
        (Some("null"), _) => CoreTag::Null,
        (Some("int" | "float" | "bool"), _) => CoreTag::Plain,
        (Some(_), _) | (None, "") => CoreTag::Other,
        (None, "reset") => CoreTag::Reset,
        (None, "override") => CoreTag::Override,
        (None, _) => CoreTag::Text,
    }
}

/// The line `%YAML` before a document.
pub fn directive(head: &str) -> Option<Place> {
    let start = head.rfind("%YAML")?;
    let length = head[start..].find(['\r', '\n']).unwrap_or(head.len() - start);
    Some(Place::new(start, start + length))
}

/// The byte-order mark.
pub const MARK: char = '\u{feff}';

/// The length of the byte-order marks that Compose skips: two, at the beginning of the text.
const MARKS_LENGTH: usize = 2 * MARK.len_utf8();

/// Like `\n`, a `\r` ends a line and its comment, even if no `\n` follows.
fn is_break(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// The number of characters before an offset in its line, as the parser counts them.
pub fn column(text: &str, offset: usize) -> usize {
    let start = text[..offset].rfind(['\r', '\n']).map_or(0, |at| at + 1);
    text[start..offset].chars().filter(|c| *c != MARK).count()
}

/// Finds the next `-`, `?` or `:` that can be an indicator: only white space and comments precede it.
pub fn indicator(text: &str, from: usize, wanted: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            byte if byte == wanted => return Some(at),
            b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            b'#' => at += bytes[at..].iter().position(|byte| is_break(*byte)).unwrap_or(bytes.len() - at),
            0xef | 0xbb | 0xbf if at < MARKS_LENGTH => at += 1,
            _ => return None,
        }
    }
    None
}

/// Whether the `?` or `:` at an offset begins a text, as in `?a` or `:: a`, and is no indicator. A `:` after a key always is one.
pub fn begins_text(text: &str, sign: usize) -> bool {
    let next = text.as_bytes().get(sign + 1);
    next.is_some_and(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']' | b'{' | b'}'))
}
