//! A value with its variables replaced: by their defaults, otherwise by a character that no host contains.

use std::ops::Range;

use super::{Expect, Found, Host, expect::expected_in, tokens::Token};

/// Stands for a value that is not known.
const UNKNOWN: char = '~';
/// The maximum number of defaults inside each other.
const DEEPEST: usize = 8;

pub struct Spread {
    text: String,
    /// For each byte of `text`, where it is written and whether it is part of a default; `None` for unknown values.
    written: Vec<Option<(usize, bool)>>,
}

impl Spread {
    pub fn of(value: &str) -> Self {
        let mut spread =
            Self { text: String::with_capacity(value.len()), written: Vec::with_capacity(value.len()) };
        spread.push(value, 0, 0);
        spread
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    fn push(&mut self, value: &str, base: usize, depth: usize) {
        let mut at = 0;
        while let Some(dollar) = value[at..].find('$').map(|found| at + found) {
            self.copy(&value[at..dollar], base + at, depth > 0);
            let after = &value[dollar + 1..];
            let used = if after.starts_with('$') {
                self.unknown();
                1
            } else if let Some(inside) = after.strip_prefix('{') {
                // Compose rejects a variable without an end.
                let Some(end) = closing_brace(inside) else { return self.unknown() };
                self.variable(&inside[..end], base + dollar + 2, depth);
                end + 2
            } else {
                self.unknown();
                name_length(after)
            };
            at = dollar + 1 + used;
        }
        self.copy(&value[at..], base + at, depth > 0);
    }

    /// The text between the braces, and where it begins.
    fn variable(&mut self, inside: &str, base: usize, depth: usize) {
        let name = name_length(inside);
        let word = inside[name..].strip_prefix(':').unwrap_or(&inside[name..]);
        match word.strip_prefix(['-', '+']) {
            Some(default) if name > 0 && depth < DEEPEST => {
                self.push(default, base + inside.len() - default.len(), depth + 1);
            }
            _ => self.unknown(),
        }
    }

    fn copy(&mut self, text: &str, base: usize, is_default: bool) {
        self.text.push_str(text);
        self.written.extend((0..text.len()).map(|at| Some((base + at, is_default))));
    }

    fn unknown(&mut self) {
        self.text.push(UNKNOWN);
        self.written.push(None);
    }

    /// Where the names are written, in the order of the value. A name that is put together from several parts is left
    /// out.
    pub fn located(&self, found: Vec<Found>) -> Vec<Host> {
        let mut hosts: Vec<Host> = found
            .into_iter()
            .filter_map(|(range, sure)| {
                let (start, _) = self.written.get(range.start).copied().flatten()?;
                let is_whole = range.clone().enumerate().all(|(at, byte)| {
                    self.written
                        .get(byte)
                        .copied()
                        .flatten()
                        .is_some_and(|(written, _)| written == start + at)
                });
                let is_default =
                    range.clone().any(|byte| self.written[byte].is_some_and(|(_, default)| default));
                is_whole.then(|| Host {
                    name: self.slice(range.clone()).to_owned(),
                    range: start..start + range.len(),
                    sure,
                    is_default,
                })
            })
            .collect();
        hosts.sort_by_key(|host| host.range.start);
        hosts
    }

    pub fn is_bare(&self, token: &Token) -> bool {
        is_host(self.slice(token.range()))
    }

    /// Whether the token is a value that is not known: `${HOST}`.
    pub fn is_unknown(&self, token: &Token) -> bool {
        self.slice(token.range()).chars().all(|c| c == UNKNOWN)
    }

    /// Whether the token is `host:port`.
    pub fn is_endpoint(&self, token: &Token) -> bool {
        self.endpoint(token.range()).is_some()
    }

    /// A host with a port, after a key that names a host, or in the address of a device: `db:5432`, `host=db`,
    /// `/dev/tcp/db/5432`.
    pub fn named(&self, token: &Token, expect: Expect) -> Option<Found> {
        let text = self.slice(token.range());
        if let Some(rest) = text.strip_prefix("/dev/tcp/").or_else(|| text.strip_prefix("/dev/udp/")) {
            let name = rest.split('/').next().filter(|name| is_host(name))?;
            let start = token.end - rest.len();
            return Some((start..start + name.len(), true));
        }
        if let Some((key, value)) = text.split_once('=') {
            let expect = expected_in(key);
            let range = token.end - value.len()..token.end;
            return match self.with_port(range.clone(), expect) {
                Some(found) => Some(found),
                None if is_host(value) && expect == Expect::Host => Some((range, true)),
                None if is_host(value) && expect == Expect::Anything => Some((range, false)),
                None => None,
            };
        }
        self.with_port(token.range(), expect)
    }

    /// A number below 100 can be the tag of an image (`node:22`), so it is a port only where a host is expected.
    fn with_port(&self, range: Range<usize>, expect: Expect) -> Option<Found> {
        let (host, port) = self.endpoint(range)?;
        let is_port = port.len() <= 5
            && (port.len() >= 3 || port == "80")
            && port.bytes().all(|byte| byte.is_ascii_digit());
        match expect {
            Expect::Image => None,
            Expect::Host => Some((host, true)),
            Expect::Anything | Expect::NoHost => Some((host, is_port)),
        }
    }

    fn endpoint(&self, range: Range<usize>) -> Option<(Range<usize>, &str)> {
        let authority = self.slice(range.clone()).split('/').next()?;
        let start = range.start + authority.rfind('@').map_or(0, |at| at + 1);
        let (host, port) = self.slice(start..range.start + authority.len()).rsplit_once(':')?;
        let is_number = port.bytes().all(|byte| byte.is_ascii_digit()) || port == "~";
        (is_host(host) && !port.is_empty() && is_number).then(|| (start..start + host.len(), port))
    }

    /// What the key before the token makes it: `"host": "db"`, `host: db`, `host='db'`.
    pub fn key_before(&self, token: &Token) -> Option<Expect> {
        let space = [' ', '\t', '"', '\'', '\\'];
        let before = self.text[..token.start].trim_end_matches(space).strip_suffix([':', '='])?;
        let before = before.trim_end_matches(space);
        let length = before.bytes().rev().take_while(|byte| is_host_byte(*byte)).count();
        (length > 0).then(|| expected_in(&before[before.len() - length..]))
    }

    /// What the key of `key=value` makes the values after the next comma.
    pub fn key_of(&self, token: &Token) -> Option<Expect> {
        self.slice(token.range()).split_once('=').map(|(key, _)| expected_in(key))
    }
}

pub fn is_host(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_host_byte)
}

pub fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// The index of the brace that closes one opened before the text.
fn closing_brace(text: &str) -> Option<usize> {
    let mut depth = 1usize;
    text.bytes().position(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

fn name_length(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
}
