//! The layer that finds the caller of a request and stores the result in it, for [`super::Authenticated`].

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{MatchedPath, Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::access::Caller;
use secrecy::{ExposeSecret as _, SecretString};
use stacker::{connectors::oauth::LookupError, services::JwtAuthError};

use super::{
    authentication::{Authentication, Failure, peer, refused},
    credentials::{AGENT, Credentials},
    signed,
};
use crate::{
    middleware::{csrf, rate_limit::BY_ADDRESS},
    state::AppState,
};

/// The prefix of our own bearer tokens.
const LOCAL: &str = "stk_";

pub async fn authenticate(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let address = peer(&request);
    // Boxed: the layer's future lives as long as a held poll of an agent, and must stay small.
    let outcome = match Credentials::of(request.headers()) {
        Credentials::Client(signature) => {
            match Box::pin(signed::caller(&state, &signature, &mut request, address)).await {
                Ok(outcome) => outcome.map(Some),
                Err(unread) => return unread.into_response(),
            }
        }
        Credentials::None => Ok(None),
        Credentials::Agent => Err(Failure::Agent),
        Credentials::Unusable => Err(Failure::Refused),
        Credentials::Bearer(token) => Box::pin(bearer(&state, &token, address)).await.map(Some),
        Credentials::Cookie(_)
            if !csrf::is_safe(request.method()) && !csrf::is_same_origin(request.headers()) =>
        {
            Err(Failure::CrossSite)
        }
        Credentials::Cookie(token) => Box::pin(lookup(&state, &token, address)).await.map(Some),
    };
    let outcome = outcome.map(|caller| caller.map(|caller| caller.at(address)));
    let changing =
        outcome.as_ref().ok().and_then(Option::as_ref).and_then(|caller| attempt(caller, &request));
    request.extensions_mut().insert(Authentication(Arc::new(outcome)));
    let response = next.run(request).await;
    if let Some(attempt) = changing.filter(|_| response.status() == StatusCode::FORBIDDEN) {
        let (caller, route) = *attempt;
        Box::pin(state.services.audit().note_refused(&caller, &route)).await;
    }
    response
}

/// The caller and the route of a request that changes something; requests that only read are not recorded. Boxed, because the
/// value is held until the response is known.
fn attempt(caller: &Caller, request: &Request) -> Option<Box<(Caller, String)>> {
    let route = request.extensions().get::<MatchedPath>()?;
    let changes = !csrf::is_safe(request.method());
    changes.then(|| Box::new((caller.clone(), format!("{} {}", request.method(), route.as_str()))))
}

/// For agent routes. A request that does not claim to come from an agent is counted for its address, as on all other routes.
pub async fn authenticate_agents(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if !request.headers().contains_key(AGENT)
        && let Err(standing) = state.rates.address(peer(&request))
    {
        return standing.refusal("too-many-requests", BY_ADDRESS).into_response();
    }
    authenticate(State(state), request, next).await
}

/// Service JWTs are accepted only in the `Authorization` header, never in the cookie, because browsers do not have service JWTs.
async fn bearer(state: &AppState, token: &SecretString, address: IpAddr) -> Result<Caller, Failure> {
    let Some(jwts) = &state.service_jwts else { return lookup(state, token, address).await };
    match jwts.caller(token.expose_secret(), state.services.context().clock.now()) {
        Ok(caller) => Ok(caller),
        Err(JwtAuthError::NotOurs) => lookup(state, token, address).await,
        Err(JwtAuthError::Refused) => Err(refused(state, address)),
        Err(JwtAuthError::Expired { exp, now }) => Err(Failure::JwtExpired { exp, now }),
    }
}

async fn lookup(state: &AppState, token: &SecretString, address: IpAddr) -> Result<Caller, Failure> {
    let found = if token.expose_secret().starts_with(LOCAL) {
        local(state, token).await
    } else {
        provided(state, token).await
    };
    match found {
        Err(Failure::Refused) => Err(refused(state, address)),
        found => found,
    }
}

async fn local(state: &AppState, token: &SecretString) -> Result<Caller, Failure> {
    match state.services.tokens().find(token.expose_secret()).await {
        Ok(caller) => caller.ok_or(Failure::Refused),
        Err(error) => {
            tracing::error!(?error, "a bearer could not be looked up");
            Err(Failure::Internal)
        }
    }
}

async fn provided(state: &AppState, token: &SecretString) -> Result<Caller, Failure> {
    // A service JWT meant for this server is never sent to the provider, whichever header it came in.
    if state.service_jwts.as_ref().is_some_and(|jwts| jwts.is_claimed(token.expose_secret())) {
        return Err(Failure::Refused);
    }
    let users = state.users.as_ref().ok_or(Failure::Refused)?;
    let found = users.me(token.expose_secret()).await.map_err(|error| match error {
        LookupError::Refused => Failure::Refused,
        LookupError::Unavailable => Failure::ProviderUnavailable,
    });
    // The User Service knows the person by this token.
    found.map(|caller| caller.with_provider_token(token.expose_secret()))
}
