//! Where a request comes from, for rate limits and the audit log: the other end of the connection, unless that is a proxy
//! that is trusted to say who is behind it.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{Extensions, HeaderMap, HeaderName, request::Parts},
    middleware::Next,
    response::Response,
};
use stacker::config::Networks;

use crate::state::AppState;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

pub async fn client_address(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let address = behind(peer_of(request.extensions()), request.headers(), &state.trusted_proxies);
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

pub fn address_of(extensions: &Extensions) -> IpAddr {
    extensions.get::<ClientAddress>().map_or_else(|| peer_of(extensions), |ClientAddress(address)| *address)
}

/// Tests that call the router without a connection have no peer.
fn peer_of(extensions: &Extensions) -> IpAddr {
    let connected = extensions.get::<ConnectInfo<SocketAddr>>();
    connected.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| address.ip())
}

/// Each proxy adds the address it saw at the right, so the first from there that is no proxy of ours is the client: what
/// stands further left anybody can have written.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &Networks) -> IpAddr {
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

/// Some proxies add the port.
fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(address_of(&parts.extensions)))
    }
}

#[cfg(test)]
mod tests {
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
}
