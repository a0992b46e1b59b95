//! How text is written as a scalar.

use super::read::resolve;
use crate::compose::yaml::Value;

/// Where a scalar is written. Flow collections forbid more characters than block collections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Around {
    Block,
    Flow,
    /// A JSON file, or YAML in JSON style. Scalars are always written in double quotes.
    Json,
}

/// How text is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    None,
    Single,
    Double,
}

/// Writes text as a YAML scalar: plain if no reader can misread it, otherwise quoted.
pub fn plain_or_quoted(text: &str) -> String {
    write(text, Quote::None, Around::Block)
}

/// Writes text in the requested quotes, or in the next style that can express it.
pub fn write(text: &str, wanted: Quote, around: Around) -> String {
    let printable = text.chars().all(|c| !c.is_control() && !is_break(c) && c != '\u{feff}');
    if around == Around::Json {
        return double(text);
    }
    match wanted {
        Quote::None if is_safely_plain(text, around) => text.to_owned(),
        Quote::Single if printable => single(text),
        Quote::None if printable && text.contains(['"', '\\']) => single(text),
        _ => double(text),
    }
}

fn is_break(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn double(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || is_break(c) || c == '\u{feff}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether readers of both YAML 1.1 and 1.2 read the plain scalar as exactly this text.
fn is_safely_plain(text: &str, around: Around) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let starts_well = match first {
        '-' => text[1..].starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-')),
        '?' | ':' => false,
        ',' | '[' | ']' | '{' | '}' | '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => {
            false
        }
        c => !c.is_whitespace(),
    };
    let forbidden_inside = text.chars().any(|c| {
        c.is_control()
            || is_break(c)
            || c == '\u{feff}'
            || (around == Around::Flow && matches!(c, ',' | '[' | ']' | '{' | '}'))
    });
    starts_well
        && !forbidden_inside
        && !text.ends_with([' ', ':', '\u{a0}'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !(around == Around::Flow && text.contains(':') && text.starts_with(':'))
        && !text.starts_with("---")
        && !text.starts_with("...")
        && !is_word_of_1_1(text)
        && !looks_like_number_or_date(text)
        && matches!(resolve(text), Value::String(_))
}

/// Whether YAML 1.1 reads the word as a boolean, as null or as a merge.
fn is_word_of_1_1(text: &str) -> bool {
    text == "<<"
        || text == "="
        || text == "~"
        || ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether a text begins like a number and contains only characters of numbers, times and dates.
fn looks_like_number_or_date(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let Some(first) = unsigned.chars().next() else { return true };
    if matches!(unsigned.to_ascii_lowercase().as_str(), ".inf" | ".nan") {
        return true;
    }
    if let Some(rest) = unsigned.strip_prefix("0x").or_else(|| unsigned.strip_prefix("0X")) {
        return rest.chars().all(|c| c.is_ascii_hexdigit() || c == '_');
    }
    let begins = first.is_ascii_digit()
        || (first == '.'
            && unsigned[1..].starts_with(|c: char| c.is_ascii_digit() || matches!(c, '_' | 'e' | 'E')));
    begins
        && unsigned.chars().all(|c| {
            c.is_ascii_digit()
                || matches!(
                    c,
                    '.' | '_'
                        | ':'
                        | '-'
                        | '+'
                        | 'e'
                        | 'E'
                        | 'T'
                        | 't'
                        | 'Z'
                        | 'z'
                        | ' '
                        | 'o'
                        | 'O'
                        | 'b'
                        | 'B'
                )
        })
        && unsigned.matches('.').count() <= 1 + usize::from(unsigned.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_some_reader_misreads_is_quoted() {
        for text in [
            "no",
            "On",
            "1e3",
            "0755",
            "12:34:56",
            "",
            " a",
            "a ",
            "a: b",
            "a #b",
            "*x",
            "true",
            "null",
            "~",
            "0x1F",
            "1_000",
            "2024-01-01",
            "- a",
            "key:",
            "!x",
            "@x",
            "`x",
            "%x",
            "---",
            "=",
            "<<",
            ".5",
            "3.8",
            "5432",
            "0b11",
            "1:30",
            "+1",
        ] {
            let written = plain_or_quoted(text);
            assert!(written.starts_with(['"', '\'']), "{text} was written as {written}");
        }
    }

    #[test]
    fn ordinary_text_stays_plain() {
        for text in [
            "nginx:1.27-alpine",
            "./data:/var/lib/data",
            "unless-stopped",
            "postgres://db:5432/app",
            "-v",
            "--verbose",
            "npm start",
            "a#b",
            "10.0.0.1",
            "1.27-alpine",
            "${TAG:-1.2}",
            "30s",
            "Hôtel",
        ] {
            assert_eq!(plain_or_quoted(text), text);
        }
    }

    #[test]
    fn quotes_are_kept_when_they_can_say_it() {
        assert_eq!(write("it's", Quote::Single, Around::Block), "'it''s'");
        assert_eq!(write("a\nb", Quote::Single, Around::Block), "\"a\\nb\"");
        assert_eq!(write("say \"hi\"", Quote::Double, Around::Block), "\"say \\\"hi\\\"\"");
        assert_eq!(write("a", Quote::None, Around::Json), "\"a\"");
    }
}
