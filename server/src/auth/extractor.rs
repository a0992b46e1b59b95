//! What handlers take to insist on a caller. A route without one of these is public.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use domain::access::Caller;
use uuid::Uuid;

use super::{
    agent::{known_agent, on_user_route},
    authenticate::{Failure, Outcome},
};
use crate::{http::ApiError, state::AppState};

/// Somebody known. What they may do is asked in the use case.
#[derive(Clone, Debug)]
pub struct Authenticated(pub Caller);

impl FromRequestParts<AppState> for Authenticated {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        // No outcome means that the router lacks the layer: closed, not open.
        let outcome = parts.extensions.get::<Outcome>().cloned().ok_or_else(ApiError::unauthenticated)?;
        match &*outcome.0 {
            Ok(Some(caller)) => Ok(Self(caller.clone())),
            Ok(None) => Err(ApiError::unauthenticated()),
            Err(Failure::Agent) => Err(on_user_route(parts, state).await),
            Err(failure) => Err((*failure).into()),
        }
    }
}

/// For routes that answer everybody, except credentials that do not hold.
#[derive(Clone, Debug)]
pub enum Anybody {
    Anonymous,
    Agent {
        id: Uuid,
        /// What it waits at.
        channel: String,
    },
    Known(Caller),
}

impl FromRequestParts<AppState> for Anybody {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let outcome = parts.extensions.get::<Outcome>().cloned().ok_or_else(ApiError::unauthenticated)?;
        match &*outcome.0 {
            Ok(Some(caller)) => Ok(Self::Known(caller.clone())),
            Ok(None) => Ok(Self::Anonymous),
            Err(Failure::Agent) => {
                let agent = known_agent(parts, state).await?;
                Ok(Self::Agent { id: agent.id, channel: agent.channel.clone() })
            }
            Err(failure) => Err((*failure).into()),
        }
    }
}

/// For routes that say more to somebody known. Credentials that do not hold count as none.
#[derive(Clone, Debug)]
pub struct MaybeAuthenticated(pub Option<Caller>);

impl<S: Send + Sync> FromRequestParts<S> for MaybeAuthenticated {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let outcome = parts.extensions.get::<Outcome>();
        Ok(Self(outcome.and_then(|outcome| outcome.0.as_ref().as_ref().ok()?.clone())))
    }
}
