//! The file `.env` beside a compose file, as compose reads it:
//! <https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax>.

use std::collections::BTreeMap;

use crate::compose::variables::{Fallback, Piece, pieces};

/// Reads the assignments. Lines that are not assignments are skipped. A value may use variables from the lines above
/// it.
pub fn read_env_file(text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut rest = text.trim_start_matches('\u{feff}');
    while !rest.is_empty() {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        rest = after;
        let written = line.trim_start();
        let written = written.strip_prefix("export ").unwrap_or(written);
        let Some((key, value)) = written.split_once('=').filter(|(key, _)| is_name(key.trim())) else {
            continue;
        };
        let value = value.trim_start_matches([' ', '\t']);
        let value = match value.chars().next() {
            Some(quote @ ('\'' | '"')) => match quoted(value, after, quote) {
                Some((inside, behind)) => {
                    rest = behind;
                    if quote == '"' { put_in(&unescaped(&inside), &found) } else { inside }
                }
                None => plain(value, &found),
            },
            _ => plain(value, &found),
        };
        found.insert(key.trim().to_owned(), value);
    }
    found
}

/// Writes one line for each value, so that every reader of such files reads exactly these values.
pub fn write_env_file<'v>(values: impl IntoIterator<Item = (&'v str, &'v str)>) -> String {
    values.into_iter().map(|(name, value)| format!("{name}={}\n", quoted_value(value))).collect()
}

/// Quotes the value so that every reader of such files takes it literally.
fn quoted_value(value: &str) -> String {
    let plain = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':' | '@' | ',' | '+' | '=' | '%')
    };
    if value.chars().all(plain) {
        return value.to_owned();
    }
    if !value.contains(['\'', '\n', '\r']) {
        return format!("'{value}'");
    }
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$");
    format!("\"{}\"", escaped.replace('\n', "\\n").replace('\r', "\\r"))
}

fn is_name(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

fn plain(value: &str, known: &BTreeMap<String, String>) -> String {
    let comment = value.find(" #").or(value.find("\t#"));
    let value = if value.starts_with('#') { "" } else { &value[..comment.unwrap_or(value.len())] };
    put_in(value.trim_end(), known)
}

/// Returns the text between the quotes, which may span several lines, and the text after the line in which they end.
/// `value` is the rest of a line from its first quote, and `after` is what follows that line.
fn quoted<'t>(value: &str, after: &'t str, quote: char) -> Option<(String, &'t str)> {
    let end = |text: &str| {
        let mut escaped = false;
        text.char_indices().find_map(|(at, c)| {
            let ends = c == quote && !escaped;
            escaped = quote == '"' && c == '\\' && !escaped;
            ends.then_some(at)
        })
    };
    let first = &value[1..];
    if let Some(at) = end(first) {
        return Some((first[..at].to_owned(), after));
    }
    let whole = format!("{}\n{after}", first.trim_end_matches('\r'));
    let at = end(&whole)?;
    let used = at.checked_sub(whole.len() - after.len())?;
    let behind = after[used..].split_once('\n').map_or("", |(_, behind)| behind);
    Some((whole[..at].to_owned(), behind))
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        match (c, (c == '\\').then(|| letters.next()).flatten()) {
            ('\\', Some('n')) => out.push('\n'),
            ('\\', Some('r')) => out.push('\r'),
            ('\\', Some('t')) => out.push('\t'),
            ('\\', Some('$')) => out.push_str("$$"),
            ('\\', Some(other @ ('"' | '\\' | '\''))) => out.push(other),
            ('\\', Some(other)) => out.extend(['\\', other]),
            (c, _) => out.push(c),
        }
    }
    out
}

fn put_in(text: &str, known: &BTreeMap<String, String>) -> String {
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) | Piece::Invalid(text) => text.to_owned(),
            Piece::Variable { name, fallback } => match (known.get(name), fallback) {
                (Some(_), Fallback::Alternative(other)) => other,
                (Some(value), _) => value.clone(),
                (None, Fallback::Default(default)) => default,
                (None, _) => String::new(),
            },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_as_it_was() {
        let values = [
            "plain",
            "",
            "two words",
            "it's $5",
            "a\"b\\c$d'e",
            "over\ntwo\r\nlines",
            "#no comment",
            " around ",
            "${A}",
            "$$",
            "ä=ö",
            "\\n",
            "'\\",
            "`x`",
        ];
        let named: BTreeMap<String, String> =
            values.iter().enumerate().map(|(at, value)| (format!("V{at}"), (*value).to_owned())).collect();
        let text = write_env_file(named.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        assert_eq!(read_env_file(&text), named, "{text}");
    }

    #[test]
    fn every_way_of_writing_a_value_is_read() {
        let text = "\u{feff}# a comment\nA=1\nexport B = two words # said\nC='it is $A # here'\nD=\"say \\\"$A\\\" \\$A\\n\"\nE=\n\nno assignment\nF=${A}-${X:-y}\nG='over\ntwo lines'\nH=\"broken\nI=a#b\r\nJ=it's\n";
        let expected = [
            ("A", "1"),
            ("B", "two words"),
            ("C", "it is $A # here"),
            ("D", "say \"1\" $A\n"),
            ("E", ""),
            ("F", "1-y"),
            ("G", "over\ntwo lines"),
            ("H", "\"broken"),
            ("I", "a#b"),
            ("J", "it's"),
        ];
        let found = read_env_file(text);
        let found: Vec<(&str, &str)> =
            found.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(found, expected);
    }
}
