//! Lines of a text that may be half-written: their dashes and keys, with the columns that decide what belongs to what.

use crate::compose::Place;

/// What a line begins with, before its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'t> {
    Dash {
        column: usize,
    },
    /// Without quotes; the place includes them.
    Key {
        column: usize,
        name: &'t str,
        place: Place,
    },
}

impl Token<'_> {
    pub fn column(&self) -> usize {
        match self {
            Self::Dash { column } | Self::Key { column, .. } => *column,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'t> {
    /// Where the line starts in the text.
    pub start: usize,
    /// Dashes, then at most one key.
    pub tokens: Vec<Token<'t>>,
    /// What comes after the tokens, without white space and comments around it.
    pub rest: Place,
}

impl Line<'_> {
    pub fn is_blank(&self) -> bool {
        self.tokens.is_empty() && self.rest.start == self.rest.end
    }

    /// The column of the first thing in the line.
    pub fn column(&self) -> usize {
        self.tokens.first().map_or(self.rest.start - self.start, Token::column)
    }
}

/// Where the line of this offset starts.
pub fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

/// The line that starts here, without its end.
pub fn line_text(text: &str, start: usize) -> &str {
    text[start..].split('\n').next().unwrap_or_default().trim_end_matches('\r')
}

/// The starts of the lines before this line start, the nearest first.
pub fn starts_before(text: &str, start: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(start.checked_sub(1).map(|end| line_start(text, end)), |start| {
        start.checked_sub(1).map(|end| line_start(text, end))
    })
}

/// The starts of the lines after this line start.
pub fn starts_after(text: &str, start: usize) -> impl Iterator<Item = usize> {
    let next = |start: usize| text[start..].find('\n').map(|at| start + at + 1);
    std::iter::successors(next(start), move |start| next(*start))
}

pub fn read(text: &str, start: usize) -> Line<'_> {
    let whole = line_text(text, start);
    let code = &whole[..comment_start(whole).unwrap_or(whole.len())];
    let line = code.trim_end();
    let mut column = line.len() - line.trim_start_matches(' ').len();
    let mut tokens = Vec::new();
    while line[column..].starts_with("- ") || &line[column..] == "-" {
        tokens.push(Token::Dash { column });
        column = skip_blanks(line, column + 1);
    }
    if let Some((length, name)) = key_at(&line[column..]) {
        let place = Place::new(start + column, start + column + length);
        tokens.push(Token::Key { column, name, place });
        column = skip_blanks(line, column + length + 1);
    }
    // Where nothing follows, a value would stand behind the blanks.
    let column = if column < line.len() { column } else { skip_blanks(code, column) };
    Line { start, tokens, rest: Place::new(start + column, start + line.len().max(column)) }
}

fn skip_blanks(line: &str, column: usize) -> usize {
    let column = column.min(line.len());
    line.len() - line[column..].trim_start_matches([' ', '\t']).len()
}

/// The key at the start of a text: its length with quotes, and its name without.
fn key_at(text: &str) -> Option<(usize, &str)> {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let end = text[1..].find(quote)? + 1;
        let after = text[end + 1..].strip_prefix(':')?;
        return (after.is_empty() || after.starts_with([' ', '\t'])).then(|| (end + 1, &text[1..end]));
    }
    if text.starts_with(['{', '[', '&', '*', '!', '|', '>', '?', '%', '@', '`']) {
        return None;
    }
    let ends = |at: usize| {
        let after = &text[at + 1..];
        after.is_empty() || after.starts_with([' ', '\t'])
    };
    let end = text.match_indices(':').map(|(at, _)| at).find(|at| ends(*at))?;
    let name = text[..end].trim_end();
    (!name.is_empty()).then_some((end, name))
}

/// Where a comment starts: at a `#` after white space, outside of quotes.
pub fn comment_start(line: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    for (at, character) in line.char_indices() {
        match (quote, character) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if matches!(before, ' ' | '\t' | '[' | '{' | ',') => quote = Some(character),
            (None, '#') if matches!(before, ' ' | '\t') => return Some(at),
            _ => {}
        }
        before = character;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> (Vec<String>, &str) {
        let read = read(line, 0);
        let token = |token: &Token<'_>| match token {
            Token::Dash { column } => format!("{column}-"),
            Token::Key { column, name, .. } => format!("{column}{name}"),
        };
        (read.tokens.iter().map(token).collect(), read.rest.slice(line))
    }

    #[test]
    fn dashes_keys_and_values_are_told_apart() {
        assert_eq!(shown("  - type: bind # x"), (vec!["2-".into(), "4type".into()], "bind"));
        assert_eq!(shown("\"a b\": c"), (vec!["0a b".into()], "c"));
        assert_eq!(shown("- - 80:80"), (vec!["0-".into(), "2-".into()], "80:80"));
        assert_eq!(shown("    depe"), (vec![], "depe"));
        assert_eq!(shown("# a: b"), (vec![], ""));
        assert_eq!(shown("a: 'x # y'"), (vec!["0a".into()], "'x # y'"));
    }
}
