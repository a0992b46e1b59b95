//! Explains syntax errors in plain words, with the fix. The texts of the parser are for people who know its grammar, so
//! they are never shown.

use granit_parser::ErrorKind;

use super::lines::{
    above, content, has_value, indentation, indented_with_tab, is_item, is_key, line_at, line_start,
};

/// What is said about a byte-order mark that is part of no text.
pub const STRAY_MARK: &str = "An invisible byte-order mark (U+FEFF) stands here. Remove it: only the beginning of a file can have one.";

/// What is wrong at an offset of the text, and the offset to show.
///
/// The parser notices an error where it can't read on, which is often one line too late.
pub fn explain(text: &str, offset: usize, kind: &ErrorKind) -> (usize, String) {
    let offset = if text[offset..].trim().is_empty() { text.trim_end().len() } else { offset };
    if text[offset..].starts_with('\u{feff}') {
        return (offset, STRAY_MARK.to_owned());
    }
    if let Some(tab) = tab(text, offset, kind) {
        return (
            tab,
            "A tab indents this line. Use spaces instead: YAML doesn't allow tabs for indentation."
                .to_owned(),
        );
    }
    if let Some(message) = by_kind(text, offset, kind) {
        return (offset, message);
    }
    if let Some(close) = open_bracket(text, offset) {
        return (offset, incomplete(close));
    }
    structure(text, offset, kind)
}

/// Where the tab stands that the parser complains about: in this line, or in the next one.
fn tab(text: &str, offset: usize, kind: &ErrorKind) -> Option<usize> {
    use ErrorKind as Kind;
    let complains = matches!(
        kind,
        Kind::TabNotAllowed
            | Kind::TabInBlockIndentation
            | Kind::TabAtBlockScalarStart
            | Kind::TabInIndentation
            | Kind::TabInPlainScalar
    );
    if indented_with_tab(line_at(text, offset)) {
        return Some(line_start(text, offset));
    }
    let next = offset + text[offset..].find('\n').map_or(text.len() - offset, |at| at + 1);
    let below = complains && next < text.len() && indented_with_tab(line_at(text, next));
    if below { Some(next) } else { complains.then_some(offset) }
}

/// The errors that the kind alone explains.
fn by_kind(text: &str, offset: usize, kind: &ErrorKind) -> Option<String> {
    use ErrorKind as Kind;
    let message = match kind {
        Kind::UnclosedQuotedScalar
        | Kind::DocumentIndicatorInQuotedScalar
        | Kind::InvalidQuotedScalarIndent => {
            "A quote isn't closed. Add the missing quote at the end of the value."
        }
        Kind::InvalidTrailingSingleQuotedScalar | Kind::InvalidTrailingDoubleQuotedScalar => {
            "Text follows the closing quote. Put the quotes around the whole value."
        }
        Kind::UnknownQuotedScalarEscape
        | Kind::InvalidQuotedScalarHexEscape
        | Kind::InvalidLowSurrogateHexEscape
        | Kind::InvalidLowSurrogate
        | Kind::MissingLowSurrogate
        | Kind::UnpairedLowSurrogate
        | Kind::InvalidUnicodeEscape => {
            "A backslash in double quotes starts an escape, and this one doesn't exist. Write `\\\\` for a backslash, or \
             use single quotes."
        }
        Kind::UnclosedFlowCollection { open } => {
            return Some(incomplete(if *open == '[' { ']' } else { '}' }));
        }
        Kind::MismatchedFlowCollectionEnd { open, .. } => {
            return Some(incomplete(if *open == '[' { ']' } else { '}' }));
        }
        Kind::UnexpectedEofFlowSequence | Kind::ExpectedFlowSequenceSeparator => {
            return Some(incomplete(']'));
        }
        Kind::UnexpectedEofFlowMapping | Kind::ExpectedFlowMappingSeparator => return Some(incomplete('}')),
        Kind::MisplacedFlowCollectionEnd | Kind::BlockEntryInFlowCollection => {
            "A bracket is opened or closed in the wrong place. Put the value in quotes if it is text."
        }
        Kind::UnknownAnchor => {
            "This alias (`*name`) has no anchor. Define `&name` above it, or put the value in quotes."
        }
        Kind::MissingAnchorOrAliasName => {
            "`*` and `&` have a meaning of their own here. Put the value in quotes."
        }
        Kind::ExpectedTagBang
        | Kind::UndeclaredTagHandle
        | Kind::InvalidTagTerminator
        | Kind::MissingTagUri
        | Kind::UnclosedVerbatimTag
        | Kind::InvalidTagEscape => "`!` has a meaning of its own here. Put the value in quotes.",
        Kind::InvalidBlockScalarHeader | Kind::ZeroBlockScalarIndent => {
            "Nothing but a comment can follow `|` or `>` on its line. The text starts on the next line, indented."
        }
        Kind::InvalidBlockScalarIndent => {
            "The lines of this text are indented unevenly. Align them with the first one."
        }
        Kind::RecursionLimitExceeded => "The values are nested too deeply to be read.",
        Kind::ExpectedWhitespace | Kind::CommentNotSeparated | Kind::CommentInterceptedScalar => {
            "A comment needs a space before `#`. Put the value in quotes if `#` belongs to it."
        }
        Kind::UnexpectedCharacter { character } if matches!(character, '@' | '`' | '%') => {
            return Some(format!("A value can't start with {}. Put it in quotes.", named(*character)));
        }
        _ if line_at(text, offset).starts_with('%') => {
            "A line can't start with `%`. Put the value in quotes, or remove the line."
        }
        _ => return None,
    };
    Some(message.to_owned())
}

fn incomplete(close: char) -> String {
    match close {
        ']' => "A list in brackets isn't complete: a comma or the closing `]` is missing.".to_owned(),
        _ => "A mapping in braces isn't complete: a comma or the closing `}` is missing.".to_owned(),
    }
}

/// Colons and indentation.
fn structure(text: &str, offset: usize, kind: &ErrorKind) -> (usize, String) {
    let line = line_at(text, offset);
    let here = content(line);
    let above = above(text, offset);
    let missing_space = |key: &str| format!("A space is missing after `{key}:`.");
    if let Some(key) = key_without_space(here) {
        return (offset, missing_space(key));
    }
    let colon = matches!(kind, ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement);
    if let (true, Some((start, above))) = (colon, above) {
        let content = content(above);
        if let Some(key) = key_without_space(content) {
            return (start, missing_space(key));
        }
        if !is_key(content) && !is_item(content) {
            return (start, missing_colon(content));
        }
    }
    let deeper = above.is_some_and(|(_, above)| indentation(line) > indentation(above) && has_value(above));
    let message = if deeper {
        "This line is indented too far: the key above it already has a value. Align it with that key."
            .to_owned()
    } else if colon {
        "A value with `: ` inside needs quotes.".to_owned()
    } else if !here.is_empty() && !is_key(here) && !is_item(here) {
        missing_colon(here)
    } else if is_item(here) {
        "This list item isn't aligned with the items above it.".to_owned()
    } else {
        "The indentation of this line doesn't match the lines above it. Align it with the other keys of its block."
            .to_owned()
    };
    (offset, message)
}

fn missing_colon(content: &str) -> String {
    format!("A colon is missing after `{}`. A line is `key: value` or `- item`.", shortened(content))
}

/// The bracket that must close the innermost list or mapping that is open before the offset. Brackets inside text don't
/// count.
fn open_bracket(text: &str, offset: usize) -> Option<char> {
    let mut open = Vec::new();
    let (mut quote, mut comment, mut before) = (None, false, '\n');
    for c in text[..offset].chars() {
        let value_starts = !open.is_empty() || matches!(before, ':' | '-' | '\n');
        match (quote, c) {
            (_, '\n') => (quote, comment) = (None, false),
            _ if comment => {}
            (Some(sign), c) if sign == c => quote = None,
            (Some(_), _) => {}
            (None, '#') => comment = true,
            (None, '"' | '\'') if value_starts => quote = Some(c),
            (None, '[') if value_starts => open.push(']'),
            (None, '{') if value_starts => open.push('}'),
            (None, ']' | '}') => {
                open.pop();
            }
            _ => {}
        }
        if c != ' ' {
            before = c;
        }
    }
    open.pop()
}

/// `image` of `image:nginx`.
fn key_without_space(content: &str) -> Option<&str> {
    let content = content.strip_prefix("- ").unwrap_or(content);
    let (key, value) = content.split_once(':')?;
    let word = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    (word
        && !is_key(content)
        && value.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '"' | '\'' | '.' | '$')))
    .then_some(key)
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(40).map(|c| if c == '`' { '\'' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        short.push('…');
    }
    short
}

fn named(sign: char) -> String {
    if sign == '`' { "a backtick".to_owned() } else { format!("`{sign}`") }
}

#[cfg(test)]
mod tests {
    use crate::compose::syntax::parse;

    fn said(text: &str) -> (usize, String) {
        let error = parse(text).error.unwrap_or_else(|| panic!("{text} is valid"));
        (text[..error.offset].matches('\n').count() + 1, error.message)
    }

    #[test]
    fn every_common_mistake_is_named_with_its_fix() {
        let mut wrong = Vec::new();
        for (text, line, words) in [
            ("services:\n\tweb: {}\n", 2, "A tab indents this line"),
            ("services:\n  web:\n    image: a\n\t  ports: []\n", 4, "A tab indents this line"),
            ("services:\n  web:\n    image: \"nginx\n    ports: []\n", 3, "A quote isn't closed"),
            ("services:\n  web:\n    image: 'nginx\n", 3, "A quote isn't closed"),
            ("services:\n  web:\n    image: \"a\" b\n", 3, "Text follows the closing quote"),
            ("services:\n  web:\n    command: \"\\d\"\n", 3, "A backslash in double quotes"),
            ("services:\n  web:\n    ports: [80, 81\n    image: a\n", 4, "the closing `]` is missing"),
            ("services:\n  web: {image: a\n", 2, "the closing `}` is missing"),
            ("services:\n  web\n    image: a\n", 2, "A colon is missing after `web`"),
            (
                "services:\n  web:\n    image: a\n    restart always\n",
                4,
                "A colon is missing after `restart always`",
            ),
            (
                "services:\n  web:\n    image:nginx\n    restart: always\n",
                3,
                "A space is missing after `image:`",
            ),
            ("services:\n  web:\n    image: a\n      ports: []\n", 4, "indented too far"),
            ("services:\n  web:\n    image: a\n   ports: []\n", 4, "The indentation of this line"),
            ("services:\n  web:\n    command: echo a: b\n", 3, "needs quotes"),
            ("services:\n  web: *base\n", 2, "has no anchor"),
            ("services:\n  web: {image: a}\u{feff}\n", 2, "byte-order mark"),
            ("# web\n\u{feff}services:\n  web: {}\n", 2, "byte-order mark"),
            ("services:\n  web:\n    command: @daily\n", 3, "can't start with `@`"),
            ("services:\n  web:\n    command: | echo\n", 3, "Nothing but a comment can follow"),
            ("services:\n  web:\n    volumes:\n      - a:/a\n     - b:/b\n", 5, "list item isn't aligned"),
        ] {
            let (at, message) = said(text);
            if at != line || !message.contains(words) {
                wrong.push(format!("{text}line {at} instead of {line}: {message}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn no_text_of_the_parser_reaches_people() {
        for text in
            ["a: [\n", "? {\n", "%x\n", "!<\n", "a: !!\n", "- \"\\x\"", "}", "a: >9x", "'", "&", "*", "\u{1}"]
        {
            if let Some(error) = parse(text).error {
                for raw in ["while ", "scalar", "expected", "context", "indicator", "EOF"] {
                    assert!(!error.message.contains(raw), "{text}: {}", error.message);
                }
            }
        }
    }
}
