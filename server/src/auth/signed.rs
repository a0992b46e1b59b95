//! Requests signed by an API client: the body is read, its signature checked, and the body put back for the handler.

use std::net::IpAddr;

use axum::{
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, FromRequest as _, Request},
};
use domain::access::Caller;
use stacker::services::{ClientAuthError, SignedRequest};

use super::{
    authentication::{Failure, refused},
    credentials::ClientSignature,
};
use crate::{
    http::{ApiError, in_time, unread},
    middleware::body_limit,
    state::AppState,
};

/// The outer `Err` means that the body was too large, too slow, or cut off.
pub(super) async fn caller(
    state: &AppState,
    signature: &ClientSignature,
    request: &mut Request,
    address: IpAddr,
) -> Result<Result<Caller, Failure>, ApiError> {
    if let Err(standing) = state.rates.still_guessing(address) {
        return Ok(Err(Failure::TooManyAttempts(standing)));
    }
    let body = buffered(state, request).await?;
    let signed = SignedRequest {
        client: signature.client,
        hash: &signature.hash,
        timestamp: signature.timestamp.as_deref(),
        nonce: signature.nonce.as_deref(),
        method: request.method().as_str(),
        path: request.uri().path_and_query().map_or("/", |path| path.as_str()),
        body: &body,
        address: Some(address),
    };
    let found = state.services.clients().authenticate(&signed).await;
    *request.body_mut() = Body::from(body);
    Ok(found.map_err(|error| match error {
        ClientAuthError::Credentials => refused(state, address),
        ClientAuthError::Stale => Failure::Stale,
        ClientAuthError::Internal(error) => {
            tracing::error!(?error, "an API client could not be looked up");
            Failure::Internal
        }
    }))
}

async fn buffered(state: &AppState, request: &mut Request) -> Result<Bytes, ApiError> {
    let mut sent = Request::new(std::mem::take(request.body_mut()));
    DefaultBodyLimit::max(body_limit::largest(&state.limits)).apply(&mut sent);
    let reading = async { Bytes::from_request(sent, &()).await.map_err(unread) };
    in_time(state.limits.request_timeout, reading).await
}
