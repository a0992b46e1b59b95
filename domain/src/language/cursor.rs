//! Where the cursor is: the path of keys around it, from lines and their indentation alone, so that it is found in a text
//! that is not valid yet.

use super::{
    lines::{self, Line, Token},
    positions::floor,
};
use crate::compose::{Place, browse::Step};

#[derive(Debug, PartialEq, Eq)]
pub struct Cursor<'t> {
    /// In [`Role::Entry`], the collection or item that the entry belongs to; in [`Role::Value`], the value.
    pub path: Vec<Step<'t>>,
    pub role: Role,
    /// The word at the cursor, which a completion replaces.
    pub word: Place,
    /// What is before the cursor, directly after `:` or `-`, needs a blank before a value.
    pub needs_blank: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// At the beginning of an entry: a key, or a scalar of a list.
    Entry {
        column: usize,
        /// Whether the word is followed by a colon.
        has_colon: bool,
        /// Whether the entry is inside `{}`.
        is_flow: bool,
    },
    /// At a value after a colon, or at an item inside `[]`.
    Value,
}

/// `None` in a comment, and in the white space before the content of a line.
pub fn cursor(text: &str, offset: usize) -> Option<Cursor<'_>> {
    let offset = floor(text, offset);
    let start = lines::line_start(text, offset);
    let whole = lines::line_text(text, start);
    let column = offset - start;
    if column > whole.len() || lines::comment_start(whole).is_some_and(|comment| column > comment) {
        return None;
    }
    let line = lines::read(text, start);
    if line.is_blank() {
        return Some(entry(text, &line, &[], column, Place::at(offset), false));
    }
    if column < line.column() {
        return None;
    }
    // What begins after the cursor does not matter.
    let before = line.tokens.iter().take_while(|token| match token {
        Token::Dash { column: at } => *at < column,
        Token::Key { column: at, .. } => *at <= column,
    });
    let before = &line.tokens[..before.count()];
    match before.split_last() {
        Some((Token::Key { column: at, place, .. }, outer)) if offset <= place.end => {
            Some(entry(text, &line, outer, *at, *place, true))
        }
        Some((Token::Key { column: at, place, .. }, _)) => {
            let path = parents(text, start, before, *at + 1);
            let needs_blank = offset == place.end + 1 && text[..offset].ends_with(':');
            Some(value(text, line.rest, offset, path, needs_blank))
        }
        last => {
            let needs_blank = matches!(last, Some((Token::Dash { column: at }, _)) if *at + 1 == column);
            if text[line.rest.start..].starts_with(['[', '{']) && offset > line.rest.start {
                let path = parents(text, start, before, line.rest.start - start);
                return Some(value(text, line.rest, offset, path, false));
            }
            let at = if line.rest.start <= offset { line.rest.start - start } else { column };
            let word = Place::new(start + at, line.rest.end.max(offset).max(start + at));
            let word = if line.rest.start <= offset { word } else { Place::at(offset) };
            Some(Cursor { needs_blank, ..entry(text, &line, before, at, word, false) })
        }
    }
}

fn entry<'t>(
    text: &'t str,
    line: &Line<'t>,
    outer: &[Token<'t>],
    column: usize,
    word: Place,
    has_colon: bool,
) -> Cursor<'t> {
    let path = parents(text, line.start, outer, column);
    Cursor { path, role: Role::Entry { column, has_colon, is_flow: false }, word, needs_blank: false }
}

/// The cursor in a value on one line, which may be a collection in brackets.
fn value<'t>(
    text: &'t str,
    rest: Place,
    offset: usize,
    mut path: Vec<Step<'t>>,
    needs_blank: bool,
) -> Cursor<'t> {
    if offset < rest.start {
        return Cursor { path, role: Role::Value, word: Place::at(offset), needs_blank };
    }
    let flow = Flow::read(text, rest.start, offset);
    let is_key = matches!(flow.open.last(), Some(Bracket { is_mapping: true, key: None }));
    for bracket in &flow.open {
        match (bracket.is_mapping, bracket.key) {
            (false, _) => path.push(Step::Item),
            (true, Some(key)) => path.push(Step::Key(key)),
            (true, None) => {}
        }
    }
    let ends = |c: char| if flow.open.is_empty() { false } else { matches!(c, ',' | ']' | '}') };
    let tail = &text[offset..rest.end.max(offset)];
    let tail = &tail[..tail.find(ends).unwrap_or(tail.len())];
    let end = offset + tail.trim_end().len();
    let mut word = Place::new(flow.word.min(offset), end);
    let quoted = word.slice(text).starts_with(['"', '\'']) && word.start < offset;
    if quoted {
        word.start += 1;
        let closing = word.slice(text).ends_with(['"', '\'']) && word.end > offset;
        word.end -= usize::from(closing);
    }
    let role = match is_key {
        true => Role::Entry { column: usize::MAX, has_colon: tail.contains(':'), is_flow: true },
        false => Role::Value,
    };
    Cursor { path, role, word, needs_blank }
}

struct Bracket<'t> {
    is_mapping: bool,
    /// The key whose value is being written.
    key: Option<&'t str>,
}

/// The brackets that are open at the cursor, and where the word before it starts.
struct Flow<'t> {
    open: Vec<Bracket<'t>>,
    word: usize,
}

impl<'t> Flow<'t> {
    fn read(text: &'t str, start: usize, offset: usize) -> Self {
        let mut flow = Self { open: Vec::new(), word: start };
        if !text[start..].starts_with(['[', '{']) {
            return flow;
        }
        let mut quote = None;
        for (at, character) in text[start..offset].char_indices().map(|(at, c)| (start + at, c)) {
            let next = at + character.len_utf8();
            match (quote, character) {
                (Some(open), c) if c == open => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') if at == flow.word => quote = Some(character),
                (None, '[' | '{') => {
                    flow.open.push(Bracket { is_mapping: character == '{', key: None });
                    flow.word = next;
                }
                (None, ']' | '}') => {
                    flow.open.pop();
                    flow.word = next;
                }
                (None, ',') => {
                    if let Some(bracket) = flow.open.last_mut() {
                        bracket.key = None;
                    }
                    flow.word = next;
                }
                (None, ':') if text[next..offset].starts_with(' ') => {
                    let key = text[flow.word..at].trim().trim_matches(['"', '\'']);
                    if let Some(bracket) = flow.open.last_mut().filter(|bracket| bracket.is_mapping) {
                        bracket.key = Some(key);
                    }
                    flow.word = next;
                }
                (None, ' ') if at == flow.word => flow.word = next,
                _ => {}
            }
        }
        flow
    }
}

/// The path of what stands at this column of a line, after its own tokens.
fn parents<'t>(text: &'t str, start: usize, own: &[Token<'t>], column: usize) -> Vec<Step<'t>> {
    let mut climb = Climb { column, is_item: false, steps: Vec::new() };
    climb.over(own);
    for above in lines::starts_before(text, start) {
        if climb.column == 0 && !climb.is_item {
            break;
        }
        climb.over(&lines::read(text, above).tokens);
    }
    climb.steps.reverse();
    climb.steps
}

struct Climb<'t> {
    column: usize,
    /// Whether the last step was an item: the key of its list may stand in the same column.
    is_item: bool,
    steps: Vec<Step<'t>>,
}

impl<'t> Climb<'t> {
    fn over(&mut self, tokens: &[Token<'t>]) {
        for token in tokens.iter().rev() {
            match *token {
                Token::Dash { column } if column < self.column => {
                    self.steps.push(Step::Item);
                    (self.column, self.is_item) = (column, true);
                }
                Token::Key { column, name, .. }
                    if column < self.column || self.is_item && column == self.column =>
                {
                    self.steps.push(Step::Key(name));
                    (self.column, self.is_item) = (column, false);
                }
                _ => {}
            }
        }
    }
}

/// The keys beside an entry in this column.
pub fn siblings(text: &str, offset: usize, column: usize) -> Vec<&str> {
    let start = lines::line_start(text, floor(text, offset));
    let mut found = Vec::new();
    let mut add = |line: &Line<'_>| {
        for token in &line.tokens {
            if let Token::Key { column: at, place, .. } = token
                && *at == column
            {
                found.push(place.slice(text).trim_matches(['"', '\'']));
            }
        }
    };
    let is_outside = |line: &Line<'_>| !line.is_blank() && line.column() < column;
    let is_first = |token: &Token<'_>| matches!(token, Token::Dash { column: at } if *at < column);
    let is_first = lines::read(text, start).tokens.iter().any(is_first);
    for above in lines::starts_before(text, start).take_while(|_| !is_first) {
        let line = lines::read(text, above);
        // The first key of an item stands behind its dash, and nothing of the item above it.
        add(&line);
        if is_outside(&line) {
            break;
        }
    }
    let below = lines::starts_after(text, start).map(|below| lines::read(text, below));
    below.take_while(|line| !is_outside(line)).for_each(|line| add(&line));
    found
}
