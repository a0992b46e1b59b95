//! Extractors that require a caller. A route without one of these is public.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use domain::access::Caller;
use uuid::Uuid;

use super::{
    authentication::{Authentication, Failure},
    known_agent::{known_agent, on_user_route},
};
use crate::{http::ApiError, state::AppState};

/// A known caller. What they are allowed to do is checked in the use case.
#[derive(Clone, Debug)]
pub struct Authenticated(pub Caller);

impl FromRequestParts<AppState> for Authenticated {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        // Without the authentication layer around the router, every request is refused: fail closed.
        let authentication =
            parts.extensions.get::<Authentication>().cloned().ok_or_else(ApiError::unauthenticated)?;
        match &*authentication.0 {
            Ok(Some(caller)) => Ok(Self(caller.clone())),
            Ok(None) => Err(ApiError::unauthenticated()),
            Err(Failure::Agent) => Err(on_user_route(parts, state).await),
            Err(failure) => Err((*failure).into()),
        }
    }
}

/// For routes that are open to everyone except callers whose credentials do not hold.
#[derive(Clone, Debug)]
pub enum Anybody {
    Anonymous,
    Agent {
        id: Uuid,
        /// The channel on which the agent waits for commands.
        channel: String,
    },
    Known(Caller),
}

impl FromRequestParts<AppState> for Anybody {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let authentication =
            parts.extensions.get::<Authentication>().cloned().ok_or_else(ApiError::unauthenticated)?;
        match &*authentication.0 {
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

/// For routes that return more to a known caller. Credentials that do not hold count as none.
#[derive(Clone, Debug)]
pub struct MaybeAuthenticated(pub Option<Caller>);

impl<S: Send + Sync> FromRequestParts<S> for MaybeAuthenticated {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let authentication = parts.extensions.get::<Authentication>();
        Ok(Self(authentication.and_then(|authentication| authentication.0.as_ref().as_ref().ok()?.clone())))
    }
}
