//! What the routes of agents take: the body as it was sent, from an agent that is who it says.

use std::net::IpAddr;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderName, StatusCode},
};
use serde::de::DeserializeOwned;
use stacker::services::{AgentCredentials, KnownAgent, RefusedAgent, Signature};
use uuid::Uuid;

use super::{Authenticated, authenticate::peer, bearer_of, credentials::AGENT};
use crate::{
    rest::{ApiError, parse_json, unread},
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
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        parse_json(&self.headers, &self.body)
    }
}

impl FromRequest<AppState> for AgentRequest {
    type Rejection = ApiError;

    async fn from_request(mut request: Request, state: &AppState) -> Result<Self, ApiError> {
        if !request.headers().contains_key(AGENT) {
            return Err(no_agent(&mut request, state).await);
        }
        let address = peer(&request);
        let headers = request.headers().clone();
        // Whoever cannot be an agent is refused before its body is read.
        let agent_id = text(&headers, &AGENT).and_then(|id| id.trim().parse::<Uuid>().ok());
        let (Some(agent_id), Some(bearer)) = (agent_id, bearer_of(&headers)) else {
            return Err(refused(state, address, RefusedAgent::Credentials));
        };
        let body = Bytes::from_request(request, state).await.map_err(unread)?;
        let signature = Signature {
            value: text(&headers, &SIGNATURE),
            timestamp: text(&headers, &TIMESTAMP),
            request_id: text(&headers, &REQUEST_ID),
        };
        let credentials = AgentCredentials { agent_id, bearer: &bearer, signature, body: &body };
        match state.services.agents().authenticate(&credentials).await {
            Ok(agent) => Ok(Self { agent, address, headers, body }),
            Err(error) => Err(refused(state, address, error)),
        }
    }
}

/// What is no text is as good as wrong, not as good as absent.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

/// A user who is known is told that this is not for users.
async fn no_agent(request: &mut Request, state: &AppState) -> ApiError {
    use axum::RequestExt as _;
    match request.extract_parts_with_state::<Authenticated, AppState>(state).await {
        Ok(_) => ApiError::new(StatusCode::FORBIDDEN, "forbidden", "this is for agents: send X-Agent-Id"),
        Err(error) => error,
    }
}

fn refused(state: &AppState, address: IpAddr, error: RefusedAgent) -> ApiError {
    let message = error.to_string();
    let unauthorized = |code| ApiError::bad_credentials().saying(code, message.clone());
    let answer = match error {
        RefusedAgent::Credentials => ApiError::bad_credentials(),
        RefusedAgent::SignatureRequired(_) => unauthorized("signature-required"),
        RefusedAgent::ClockOff(_) => unauthorized("clock-off"),
        RefusedAgent::Replayed => return ApiError::new(StatusCode::CONFLICT, "replayed", message),
        RefusedAgent::Internal(cause) => return ApiError::internal(&cause),
    };
    state.attempts.bad_bearer(address).err().unwrap_or(answer)
}
