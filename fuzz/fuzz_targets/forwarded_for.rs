//! Finding the client address of a request behind proxies.
#![cfg_attr(feature = "link", no_main)]

#[path = "../../server/src/middleware/forwarded_for.rs"]
mod forwarded_for;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use libfuzzer_sys::fuzz_target;
use stacker::config::Networks;

fuzz_target!(|bytes: &[u8]| {
    let (peer, rest) = match bytes {
        [0, a, b, c, d, rest @ ..] => (IpAddr::V4(Ipv4Addr::new(*a, *b, *c, *d)), rest),
        [1, rest @ ..] => (IpAddr::V6(Ipv6Addr::LOCALHOST), rest),
        [_, rest @ ..] => (IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)), rest),
        [] => return,
    };
    let [networks, lines] = fuzz::pieces(rest);
    let networks = std::str::from_utf8(networks).ok().and_then(Networks::parse);
    let trusted = networks.unwrap_or_else(|| Networks::parse("10.0.0.0/8, ::1").unwrap());
    let headers = fuzz::headers(lines, &["x-forwarded-for", "forwarded"]);
    let found = forwarded_for::behind(peer, &headers, &trusted);
    if !trusted.contains(peer) {
        assert_eq!(found, peer);
    }
    if found != peer {
        // An address other than the peer's can only come from this header.
        assert!(headers.contains_key("x-forwarded-for"));
    }
});

/// Lets the target compile without the fuzzing library, so that its types and lints are checked. It does nothing then.
#[cfg(not(feature = "link"))]
fn main() {}
