//! Network addresses and ports.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Wrong;
use crate::compose::ports;

pub fn address(text: &str) -> Result<(), Wrong> {
    parses::<IpAddr>(bare(text))
}

pub fn ipv4(text: &str) -> Result<(), Wrong> {
    parses::<Ipv4Addr>(text)
}

pub fn ipv6(text: &str) -> Result<(), Wrong> {
    parses::<Ipv6Addr>(bare(text))
}

pub fn subnet(text: &str) -> Result<(), Wrong> {
    let (address, prefix) = text.split_once('/').ok_or_else(Wrong::default)?;
    let address: IpAddr = address.parse().map_err(|_| Wrong::default())?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    holds(prefix.parse::<u8>().is_ok_and(|prefix| prefix <= most))
}

pub fn mac(text: &str) -> Result<(), Wrong> {
    let pairs: Vec<&str> = text.split([':', '-']).collect();
    let hex = |pair: &&str| pair.len() == 2 && pair.chars().all(|c| c.is_ascii_hexdigit());
    holds(pairs.len() == 6 && pairs.iter().all(hex))
}

pub fn host_address(text: &str) -> Result<(), Wrong> {
    if text == "host-gateway" { Ok(()) } else { address(text) }
}

/// `name:address` or `name=address`.
pub fn host_entry(text: &str) -> Result<(), Wrong> {
    let (name, address) = text.split_once('=').or_else(|| text.split_once(':')).ok_or_else(Wrong::default)?;
    if name.is_empty() || address.is_empty() {
        return Err(Wrong::default());
    }
    host_address(address).map_err(|_| Wrong { runtime: Some("no IP address follows the name"), meant: None })
}

pub fn exposed(text: &str) -> Result<(), Wrong> {
    let (range, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let known = ["tcp", "udp", "sctp"].iter().any(|known| protocol.eq_ignore_ascii_case(known));
    holds(known && ports::range(range).is_some())
}

/// IPv6 addresses are sometimes written in brackets.
fn bare(text: &str) -> &str {
    text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text)
}

fn parses<T: std::str::FromStr>(text: &str) -> Result<(), Wrong> {
    holds(text.parse::<T>().is_ok())
}

fn holds(valid: bool) -> Result<(), Wrong> {
    if valid { Ok(()) } else { Err(Wrong::default()) }
}
