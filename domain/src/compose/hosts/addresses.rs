//! Addresses that contain a host in a fixed place: URLs, and the addresses of Go drivers (`user@tcp(db:3306)/x`).

use std::ops::Range;

use super::spread::is_host;

pub struct Address {
    /// Everything that belongs to the address: scheme, user, path.
    pub range: Range<usize>,
    pub hosts: Vec<Range<usize>>,
}

/// All addresses, in the order of the text.
pub fn addresses(text: &str) -> Vec<Address> {
    let mut marks: Vec<(usize, &str)> =
        std::iter::once(URL).chain(DRIVERS).flat_map(|mark| text.match_indices(mark)).collect();
    marks.sort_unstable();
    let mut found = Vec::new();
    let mut from = 0;
    for (at, mark) in marks {
        // A mark inside the address before is a part of it.
        if at < from {
            continue;
        }
        let address = if mark == URL { url(text, at) } else { driver(text, at, mark.len()) };
        from = address.range.end.max(at + mark.len());
        found.push(address);
    }
    found
}

const URL: &str = "://";
const DRIVERS: [&str; 4] = ["tcp(", "tcp4(", "tcp6(", "udp("];

fn url(text: &str, at: usize) -> Address {
    let scheme = text[..at]
        .bytes()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"+.-:".contains(byte))
        .count();
    let start = at + URL.len();
    let rest = &text[start..];
    let segment =
        rest.find(|c: char| ends_word(c) || matches!(c, '/' | '?' | '#' | '\\')).unwrap_or(rest.len());
    // A password may contain anything, so the host begins after the last `@`.
    let host = rest[..segment].rfind('@').map_or(0, |at| at + 1);
    let length = rest[host..segment].find(['|', ';', '&', ')', ']', '}']).unwrap_or(segment - host);
    let mut items: Vec<(usize, &str)> = Vec::new();
    let mut offset = start + host;
    for item in rest[host..host + length].split(',') {
        items.push((offset, item));
        offset += item.len() + 1;
    }
    // `a://one,b://two`: what follows the last comma is the scheme of the next address.
    let is_scheme = rest[..segment].ends_with(':') && rest[segment..].starts_with("//");
    let next = is_scheme.then(|| items.pop()).flatten();
    let hosts = items.iter().filter_map(|(offset, item)| {
        let inner = item.find('(').map_or(0, |at| at + 1);
        host_in(&item[inner..]).map(|length| offset + inner..offset + inner + length)
    });
    let hosts = hosts.collect();
    let end = match next {
        Some((offset, _)) => offset,
        None => end_of_path(text, start + host + length),
    };
    Address { range: at - scheme..end, hosts }
}

fn driver(text: &str, at: usize, length: usize) -> Address {
    let begin = text[..at]
        .rfind(ends_word)
        .map_or(0, |before| before + text[before..].chars().next().map_or(1, char::len_utf8));
    let start = at + length;
    let inner = text[start..].split(')').next().unwrap_or_default();
    let hosts = host_in(inner).map(|length| start..start + length).into_iter().collect();
    Address { range: begin..end_of_path(text, start + inner.len()), hosts }
}

/// The length of the host in `host` or `host:port`. A port is a number or unknown.
fn host_in(item: &str) -> Option<usize> {
    let (host, port) = item.split_once(':').unwrap_or((item, ""));
    let is_port = port.bytes().all(|byte| byte.is_ascii_digit() || byte == b'~');
    (is_host(host) && is_port).then_some(host.len())
}

fn end_of_path(text: &str, from: usize) -> usize {
    let stops = |c: char| ends_word(c) || matches!(c, ',' | ';' | '|');
    text[from..].find(stops).map_or(text.len(), |at| from + at)
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>')
}
