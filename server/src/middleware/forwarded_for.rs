//! Reads the headers in which proxies report their client. A pure function, so that it can be fuzzed (`fuzz/`).

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName};
use stacker::config::Networks;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Each proxy appends the address it saw on the right. The first address from the right that is not one of our proxies is the
/// client; anything further left can be forged.
pub fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &Networks) -> IpAddr {
    if !trusted.contains(peer) {
        return peer;
    }
    let lines: Vec<&str> =
        headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok()).collect();
    let mut nearest = peer;
    for text in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Some(address) = address(text.trim()) else { return nearest };
        nearest = address;
        if !trusted.contains(address) {
            return address;
        }
    }
    nearest
}

/// Accepts an address with a port, because some proxies add one.
fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn from(peer: &str, forwarded: &[&str]) -> String {
        let trusted = Networks::parse("10.0.0.0/8, ::1").unwrap();
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        behind(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn the_last_address_that_is_no_proxy_counts_and_only_proxies_are_asked() {
        assert_eq!(from("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(from("10.0.0.1", &["203.0.113.9, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(from("10.0.0.1", &["198.51.100.7, 10.0.0.2"]), "198.51.100.7");
        assert_eq!(from("10.0.0.1", &["203.0.113.9", "198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(from("::1", &["2001:db8::7"]), "2001:db8::7");
    }

    #[test]
    fn what_a_proxy_cannot_have_meant_ends_at_the_proxy() {
        assert_eq!(from("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(from("10.0.0.1", &["198.51.100.7, unknown, 10.0.0.3"]), "10.0.0.3");
        assert_eq!(from("10.0.0.1", &["10.0.0.2"]), "10.0.0.2");
    }
    proptest! {
        #[test]
        fn nobody_speaks_for_others_without_being_trusted(lines in prop::collection::vec("[ -~]{0,60}", 0..4)) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            prop_assert_eq!(from("192.0.2.1", &lines), "192.0.2.1");
            from("10.0.0.1", &lines);
        }

        #[test]
        fn what_the_nearest_proxy_saw_is_found_whatever_stands_before(before in "[ -~]{0,60}", last in 0..=255_u8) {
            let address = format!("198.51.100.{last}");
            prop_assert_eq!(from("10.0.0.1", &[&format!("{before}, {address}")]), address.clone());
            prop_assert_eq!(from("10.0.0.1", &[before.as_str(), address.as_str()]), address);
        }
    }
}
