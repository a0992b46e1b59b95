//! The extractor for agent routes: the body exactly as it was sent, from an authenticated agent.

use std::net::IpAddr;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderName, StatusCode},
};
use domain::api::{AGENT_SIGNATURE_HEADER, REQUEST_ID_HEADER, TIMESTAMP_HEADER};
use serde::de::DeserializeOwned;
use stacker::services::{AgentAuthError, AgentCredentials, KnownAgent, Signature};

use super::{
    Authenticated,
    authentication::peer,
    bearer_of,
    credentials::{AGENT, agent_id},
    known_agent::{guessing, refused},
};
use crate::{
    http::{ApiError, in_time, parse_json, unread},
    state::AppState,
};

const SIGNATURE: HeaderName = HeaderName::from_static(AGENT_SIGNATURE_HEADER);
const TIMESTAMP: HeaderName = HeaderName::from_static(TIMESTAMP_HEADER);
const REQUEST_ID: HeaderName = HeaderName::from_static(REQUEST_ID_HEADER);

#[derive(Debug)]
pub struct AgentRequest {
    pub agent: KnownAgent,
    pub address: IpAddr,
    headers: HeaderMap,
    body: Bytes,
}

impl AgentRequest {
    /// Drops the rest of the request, because its headers would keep the buffer they were read into.
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
            return Err(refused(state, None, address, AgentAuthError::Unknown));
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

/// A header that is not valid text counts as wrong, not as absent.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

/// The error for a caller that does not claim to be an agent. A known user learns that the route is for agents.
async fn no_agent(request: &mut Request, state: &AppState) -> ApiError {
    use axum::RequestExt as _;
    match request.extract_parts_with_state::<Authenticated, AppState>(state).await {
        Ok(_) => ApiError::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "only agents may call this route: send X-Agent-Id",
        ),
        Err(error) => error,
    }
}
