//! Splits a value into words, without the addresses in it.

use std::ops::Range;

use super::addresses::Address;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub start: usize,
    pub end: usize,
    /// Whether only a comma separates it from the word before.
    pub continues: bool,
    /// Whether a shell begins another command here.
    pub starts_command: bool,
}

impl Token {
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

pub fn tokens(text: &str, addresses: &[Address]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut begin = 0;
    for address in addresses {
        split(text, begin..address.range.start.max(begin), &mut tokens);
        begin = address.range.end.max(begin);
    }
    split(text, begin..text.len(), &mut tokens);
    tokens
}

fn split(text: &str, part: Range<usize>, tokens: &mut Vec<Token>) {
    let mut start = None;
    for (at, c) in text[part.clone()].char_indices().map(|(at, c)| (part.start + at, c)) {
        if is_separator(c) {
            tokens.extend(start.take().map(|start| token(text, start, at, tokens.last())));
        } else {
            start.get_or_insert(at);
        }
    }
    let last = start.map(|start| token(text, start, part.end, tokens.last()));
    tokens.extend(last);
}

fn token(text: &str, start: usize, end: usize, before: Option<&Token>) -> Token {
    let gap = before.map_or("", |before| &text[before.end..start]);
    Token {
        start,
        end,
        continues: gap.trim() == ",",
        starts_command: gap.contains([';', '|', '&', '(', '\n', '{']),
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '"' | '\'' | '`' | '\\' | ',' | ';' | '|' | '&' | '<' | '>' | '(' | ')' | '{' | '}' | '[' | ']'
        )
}
