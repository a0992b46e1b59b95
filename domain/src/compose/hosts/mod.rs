//! Finds the names of hosts in values: in environment variables, commands, labels and inline files.
//!
//! Each name has its place in the value, and is either *sure* (`postgres://u:p@db/x`, `db:5432`, `--host db`) or may mean
//! something else (`db` alone in a command). What only looks like a name (a database, a user, an image) is not found.
//!
//! - `spread.rs` replaces `${VAR:-default}` by the default and remembers where each byte is written
//! - `addresses.rs` finds URLs and the addresses of Go drivers, `tokens.rs` the words between them
//! - `expect.rs` tells from the name of a variable, flag or label what its value holds

mod addresses;
mod expect;
mod spread;
mod tokens;

#[cfg(test)]
mod tests;

pub use expect::{Expect, expected_in};

use std::ops::Range;

use self::{
    addresses::addresses,
    spread::{Spread, is_host},
    tokens::{Token, tokens},
};
use super::model::{Model, Service};

/// A name in a value that may be the name of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    pub name: String,
    /// The bytes of the name in the value.
    pub range: Range<usize>,
    /// Whether it certainly is a host.
    pub sure: bool,
    /// Whether it is part of a default (`${HOST:-db}`), so that the environment can replace it.
    pub is_default: bool,
}

/// Hosts in the value of an environment variable or another setting.
pub fn in_value(value: &str, expect: Expect) -> Vec<Host> {
    let spread = Spread::of(value);
    let (mut hosts, tokens) = read(&spread);
    let is_plain = hosts.is_empty()
        && tokens
            .iter()
            .all(|token| spread.is_bare(token) || spread.is_endpoint(token) || spread.is_unknown(token));
    let mut before = None;
    for token in &tokens {
        let own = spread.key_before(token).or(before.filter(|_| token.continues));
        let expect = own.unwrap_or(expect);
        before = spread.key_of(token).or(own);
        if let Some(found) = spread.named(token, expect) {
            hosts.push(found);
        } else if spread.is_bare(token) {
            hosts.extend(match expect {
                Expect::Host => Some((token.range(), is_plain || own.is_some())),
                Expect::Anything => Some((token.range(), false)),
                Expect::NoHost | Expect::Image => None,
            });
        }
    }
    spread.located(hosts)
}

/// The names of the hosts that are certainly in the value.
pub fn sure_in_value(value: &str, expect: Expect) -> Vec<Host> {
    in_value(value, expect).into_iter().filter(|host| host.sure).collect()
}

/// Hosts in the value of a label. Labels mostly contain names of other things, so a name alone is never sure.
pub fn in_label(key: &str, value: &str) -> Vec<Host> {
    let key = key.to_lowercase();
    let names_services = key.ends_with("depends-on") || key.ends_with("depends_on");
    let expect = if names_services { Expect::Anything } else { expected_in(&key) };
    let spread = Spread::of(value);
    let (mut hosts, tokens) = read(&spread);
    for token in &tokens {
        if let Some(found) = spread.named(token, Expect::NoHost) {
            hosts.push(found);
        } else if spread.is_bare(token) && (names_services || expect == Expect::Host) {
            hosts.push((token.range(), false));
        }
    }
    spread.located(hosts)
}

/// Hosts in the text of a file. None is sure: a file has names of its own, such as the upstreams of a proxy.
pub fn in_file(content: &str) -> Vec<Host> {
    let spread = Spread::of(content);
    let (mut hosts, tokens) = read(&spread);
    for token in &tokens {
        if let Some(found) = spread.named(token, Expect::Anything) {
            hosts.push(found);
        } else if spread.is_bare(token) {
            hosts.push((token.range(), false));
        }
    }
    let mut hosts = spread.located(hosts);
    hosts.iter_mut().for_each(|host| host.sure = false);
    hosts
}

/// Hosts in a command: a line, or a list of words of which each may be a line for a shell. The number is the index of
/// the word.
pub fn in_command(words: &[&str]) -> Vec<(usize, Host)> {
    let mut found = Vec::new();
    let mut shell = Shell::default();
    for (index, word) in words.iter().enumerate() {
        let is_line = word.contains(char::is_whitespace);
        if is_line {
            shell = Shell::default();
        }
        let spread = Spread::of(word);
        let (mut hosts, tokens) = read(&spread);
        let line: Vec<&str> = tokens.iter().map(|token| spread.slice(token.range())).collect();
        for (at, token) in tokens.iter().enumerate() {
            let next = line
                .get(at + 1)
                .copied()
                .or_else(|| (!is_line).then(|| words.get(index + 1)).flatten().copied());
            let place = shell.step(line[at], token.starts_command);
            if let Some(host) = spread.named(token, Expect::Anything) {
                hosts.push(host);
                continue;
            }
            hosts.extend(shell.judge(&spread, token, place, next));
        }
        if is_line {
            shell = Shell::default();
        }
        found.extend(spread.located(hosts).into_iter().map(|host| (index, host)));
    }
    found
}

/// The service that other services reach by this name: its own, or an alias in a network.
pub fn service_named<'m>(model: &'m Model, host: &str) -> Option<&'m Service> {
    model.service(host).or_else(|| {
        model.services.iter().find(|service| {
            service.networks.iter().any(|membership| membership.aliases.iter().any(|alias| alias == host))
        })
    })
}

/// A range of the spread text, and whether it certainly is a host.
type Found = (Range<usize>, bool);

fn read(spread: &Spread) -> (Vec<Found>, Vec<Token>) {
    let addresses = addresses(spread.text());
    let hosts =
        addresses.iter().flat_map(|address| address.hosts.iter().cloned().map(|host| (host, true))).collect();
    (hosts, tokens(spread.text(), &addresses))
}

/// Programs whose `-h` names a host.
const CLIENTS: [&str; 16] = [
    "psql",
    "pg_isready",
    "pg_dump",
    "pg_dumpall",
    "pg_restore",
    "createdb",
    "mysql",
    "mysqladmin",
    "mysqldump",
    "mariadb",
    "mariadb-admin",
    "mariadb-dump",
    "redis-cli",
    "valkey-cli",
    "mosquitto_pub",
    "mosquitto_sub",
];
/// Programs that take a host and a port.
const DIALERS: [&str; 4] = ["nc", "ncat", "netcat", "telnet"];
const SHELLS: [&str; 5] = ["sh", "bash", "ash", "dash", "zsh"];
/// Words before which a program stands.
const STARTERS: [&str; 16] = [
    "exec",
    "sudo",
    "env",
    "time",
    "nohup",
    "then",
    "do",
    "else",
    "if",
    "elif",
    "while",
    "until",
    "!",
    "command",
    "CMD",
    "CMD-SHELL",
];

/// How far a command has been read.
#[derive(Default)]
struct Shell {
    program: Option<String>,
    before: String,
}

/// The part that a word plays.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Program,
    /// An argument, with the word before it.
    Argument(String),
}

impl Shell {
    fn step(&mut self, word: &str, starts_command: bool) -> Part {
        let before = std::mem::replace(&mut self.before, word.to_owned());
        if starts_command || (before == "-c" && self.is_one_of(&SHELLS)) {
            self.program = None;
        }
        if self.program.is_some() {
            return Part::Argument(before);
        }
        if !STARTERS.contains(&word) && !word.contains('=') {
            self.program = Some(word.rsplit('/').next().unwrap_or(word).to_owned());
        }
        Part::Program
    }

    fn is_one_of(&self, programs: &[&str]) -> bool {
        self.program.as_deref().is_some_and(|program| programs.contains(&program))
    }

    fn judge(&self, spread: &Spread, token: &Token, part: Part, next: Option<&str>) -> Option<Found> {
        let Part::Argument(before) = part else { return None };
        let text = spread.slice(token.range());
        if let Some(name) =
            text.strip_prefix("-h").filter(|name| !name.is_empty() && self.is_one_of(&CLIENTS))
        {
            return Some((token.end - name.len()..token.end, true));
        }
        if text.starts_with('-') {
            return None;
        }
        if !spread.is_bare(token) {
            // `curl db/health`, `ssh user@db`
            let authority = text.split('/').next()?;
            let from = authority.rfind('@').map_or(0, |at| at + 1);
            let range = token.start + from..token.start + authority.len();
            return is_host(spread.slice(range.clone())).then_some((range, false));
        }
        if let Some(expect) = spread.key_before(token) {
            return (!matches!(expect, Expect::NoHost | Expect::Image))
                .then(|| (token.range(), expect == Expect::Host));
        }
        let sure = match before.as_str() {
            "-h" | "-H" => self.is_one_of(&CLIENTS),
            "-U" | "-u" | "-d" | "-D" | "-p" | "-P" | "-n" | "-N" | "-t" | "-w" => return None,
            long if long.starts_with("--") => match expected_in(long) {
                Expect::Host => true,
                Expect::NoHost | Expect::Image => return None,
                Expect::Anything => false,
            },
            _ => {
                let is_port = |word: &str| {
                    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'~')
                };
                self.is_one_of(&DIALERS) && next.is_some_and(is_port)
            }
        };
        Some((token.range(), sure))
    }
}
