//! The address of the client, for rate limits and the audit log: the peer of the connection, or what a trusted proxy reports.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{Extensions, request::Parts},
    middleware::Next,
    response::Response,
};

use super::forwarded_for::behind;
use crate::state::AppState;

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

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(address_of(&parts.extensions)))
    }
}
