//! The extractor for routes of agents: the body exactly as it was sent, from an authenticated agent.

use std::{net::IpAddr, sync::Arc};

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderName, StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;
use stacker::services::{AgentCredentials, AgentRecord, KnownAgent, RefusedAgent, Signature};
use uuid::Uuid;

use super::{
    Authenticated,
    authenticate::peer,
    bearer_of,
    credentials::{AGENT, agent_id},
};
use crate::{
    http::{ApiError, in_time, parse_json, unread},
    middleware::{client_address::address_of, rate_limit::too_many_attempts},
    state::AppState,
};

const SIGNATURE: HeaderName = HeaderName::from_static("x-agent-signature");
const TIMESTAMP: HeaderName = HeaderName::from_static("x-timestamp");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

#[derive(Debug)]
pub struct AgentRequest {
    pub agent: KnownAgent,
    pub address: IpAddr,
    headers: HeaderMap,
    body: Bytes,
}

impl AgentRequest {
    /// Drops the request, whose headers would keep the buffer they were read into.
    pub fn into_agent(self) -> (KnownAgent, IpAddr) {
        (self.agent, self.address)
    }

    pub fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        parse_json(&self.headers, &self.body)
    }
}

impl FromRequest<AppState> for AgentRequest {
    type Rejection = ApiError;

    async fn from_request(mut request: Request, state: &AppState) -> Result<Self, ApiError> {
        if !request.headers().contains_key(AGENT) {
            return Err(Box::pin(no_agent(&mut request, state)).await);
        }
        let address = peer(&request);
        let headers = request.headers().clone();
        // A caller that cannot be an agent is refused before its body is read.
        let (Some(agent_id), Some(bearer)) = (agent_id(&headers), bearer_of(&headers)) else {
            return Err(refused(state, None, address, RefusedAgent::Unknown));
        };
        guessing(state, agent_id, address)?;
        let reading = async { Bytes::from_request(request, state).await.map_err(unread) };
        let body = in_time(state.limits.request_timeout, reading).await?;
        let signature = Signature {
            value: text(&headers, &SIGNATURE),
            timestamp: text(&headers, &TIMESTAMP),
            request_id: text(&headers, &REQUEST_ID),
        };
        let credentials = AgentCredentials {
            agent_id,
            bearer: &bearer,
            signature,
            body: &body,
            address: Some(address),
            look_up_again: state.rates.still_wrong(agent_id, address).is_ok(),
        };
        match state.services.agents().authenticate(&credentials).await {
            Ok(agent) => Ok(Self { agent, address, headers, body }),
            Err(error) => Err(refused(state, Some(agent_id), address, error)),
        }
    }
}

/// A header that is not text counts as wrong, not as absent.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

/// The error for a caller that does not claim to be an agent: known users are told that the route is for agents.
async fn no_agent(request: &mut Request, state: &AppState) -> ApiError {
    use axum::RequestExt as _;
    match request.extract_parts_with_state::<Authenticated, AppState>(state).await {
        Ok(_) => ApiError::new(StatusCode::FORBIDDEN, "forbidden", "this is for agents: send X-Agent-Id"),
        Err(error) => error,
    }
}

/// The error for an agent on a route for users: authenticated agents are told so, others what is wrong with their credentials.
pub(super) async fn on_user_route(parts: &Parts, state: &AppState) -> ApiError {
    match known_agent(parts, state).await {
        Ok(_) => ApiError::new(StatusCode::FORBIDDEN, "forbidden", "this is for users, not for agents"),
        Err(error) => error,
    }
}

/// Authenticates an agent by its token alone. The body and its signature are checked on the routes of agents only.
pub(super) async fn known_agent(parts: &Parts, state: &AppState) -> Result<Arc<AgentRecord>, ApiError> {
    let address = address_of(&parts.extensions);
    let (Some(agent_id), Some(bearer)) = (agent_id(&parts.headers), bearer_of(&parts.headers)) else {
        return Err(refused(state, None, address, RefusedAgent::Unknown));
    };
    guessing(state, agent_id, address)?;
    let look_up_again = state.rates.still_wrong(agent_id, address).is_ok();
    let found = state.services.agents().by_token(agent_id, &bearer, look_up_again).await;
    found.map_err(|error| refused(state, Some(agent_id), address, error))
}

/// Looking up an agent that is not remembered costs a query, which an address that guesses does not get.
fn guessing(state: &AppState, agent_id: Uuid, address: IpAddr) -> Result<(), ApiError> {
    if state.services.agents().is_remembered(agent_id) {
        return Ok(());
    }
    state.rates.still_guessing(address).map_err(too_many_attempts)
}

/// Counts the failure and returns the error. An agent fetches its new token only after a 401, so failures of others behind
/// the same address must not turn that 401 into a 429.
fn refused(state: &AppState, agent: Option<Uuid>, address: IpAddr, error: RefusedAgent) -> ApiError {
    let message = error.to_string();
    let unauthorized = |code| ApiError::bad_credentials().saying(code, message.clone());
    let (agent, answer) = match error {
        RefusedAgent::Unknown => (None, ApiError::bad_credentials()),
        RefusedAgent::Credentials => (agent, ApiError::bad_credentials()),
        RefusedAgent::SignatureRequired(_) => (agent, unauthorized("signature-required")),
        RefusedAgent::ClockOff(_) => (agent, unauthorized("clock-off")),
        RefusedAgent::Replayed => return ApiError::new(StatusCode::CONFLICT, "replayed", message),
        RefusedAgent::Internal(cause) => return ApiError::internal(&cause),
    };
    let counted = match agent {
        Some(agent) => state.rates.bad_token(agent, address),
        None => state.rates.bad_bearer(address),
    };
    counted.map_or_else(too_many_attempts, |()| answer)
}
