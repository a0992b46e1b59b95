//! Looks up an agent by its token and makes the errors for credentials that do not hold.

use std::{net::IpAddr, sync::Arc};

use axum::http::{StatusCode, request::Parts};
use stacker::services::{AgentAuthError, AgentRecord};
use uuid::Uuid;

use super::{bearer_of, credentials::agent_id};
use crate::{
    http::ApiError,
    middleware::{client_address::address_of, rate_limit::too_many_attempts},
    state::AppState,
};

/// The error for an agent on a route for users: an authenticated agent learns that the route is for users, any other agent what
/// is wrong with its credentials.
pub(super) async fn on_user_route(parts: &Parts, state: &AppState) -> ApiError {
    match known_agent(parts, state).await {
        Ok(_) => ApiError::new(StatusCode::FORBIDDEN, "forbidden", "agents may not call this route"),
        Err(error) => error,
    }
}

/// Authenticates an agent by its token alone. The body and its signature are checked on the routes of agents only.
pub(super) async fn known_agent(parts: &Parts, state: &AppState) -> Result<Arc<AgentRecord>, ApiError> {
    let address = address_of(&parts.extensions);
    let (Some(agent_id), Some(bearer)) = (agent_id(&parts.headers), bearer_of(&parts.headers)) else {
        return Err(refused(state, None, address, AgentAuthError::Unknown));
    };
    guessing(state, agent_id, address)?;
    let look_up_again = state.rates.still_wrong(agent_id, address).is_ok();
    let found = state.services.agents().by_token(agent_id, &bearer, look_up_again).await;
    found.map_err(|error| refused(state, Some(agent_id), address, error))
}

/// Refuses addresses that sent too many wrong credentials, because looking up an agent that is not cached costs a query.
pub(super) fn guessing(state: &AppState, agent_id: Uuid, address: IpAddr) -> Result<(), ApiError> {
    if state.services.agents().is_remembered(agent_id) {
        return Ok(());
    }
    state.rates.still_guessing(address).map_err(too_many_attempts)
}

/// Counts the failure and returns the error. An agent fetches its new token only after a 401, so failures of others behind
/// the same address must not turn that 401 into a 429.
pub(super) fn refused(
    state: &AppState,
    agent: Option<Uuid>,
    address: IpAddr,
    error: AgentAuthError,
) -> ApiError {
    let message = error.to_string();
    let unauthorized = |code| ApiError::bad_credentials().saying(code, message.clone());
    let (agent, answer) = match error {
        AgentAuthError::Unknown => (None, ApiError::bad_credentials()),
        AgentAuthError::Credentials => (agent, ApiError::bad_credentials()),
        AgentAuthError::SignatureRequired(_) => (agent, unauthorized("signature-required")),
        AgentAuthError::ClockOff(_) => (agent, unauthorized("clock-off")),
        AgentAuthError::Replayed => return ApiError::new(StatusCode::CONFLICT, "replayed", message),
        AgentAuthError::Internal(cause) => return ApiError::internal(&cause),
    };
    let counted = match agent {
        Some(agent) => state.rates.bad_token(agent, address),
        None => state.rates.bad_bearer(address),
    };
    counted.map_or_else(too_many_attempts, |()| answer)
}
