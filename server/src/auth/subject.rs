//! Who asks, as the rules of [`stacker::authz`] name it.

use axum::{RequestExt as _, extract::Request};
use domain::access::Role;

use super::{
    Authenticated,
    authenticate::{Failure, Outcome},
};
use crate::{rest::ApiError, state::AppState};

#[derive(Debug)]
pub(crate) enum Subject {
    Stranger,
    /// It says so; whether it is one is asked by the routes of agents.
    Agent,
    /// With credentials that do not hold.
    Refused,
    Known {
        role: Role,
        client: Option<i32>,
    },
}

pub(crate) fn subject(request: &Request) -> Subject {
    match request.extensions().get::<Outcome>().map(|outcome| &*outcome.0) {
        None | Some(Ok(None)) => Subject::Stranger,
        Some(Ok(Some(caller))) => Subject::Known { role: caller.role.clone(), client: caller.client },
        Some(Err(Failure::Agent)) => Subject::Agent,
        Some(Err(_)) => Subject::Refused,
    }
}

/// What is wrong with the credentials of a request; with those of an agent that is one, that this is for users.
pub(crate) async fn refusal(state: &AppState, mut request: Request) -> ApiError {
    match request.extract_parts_with_state::<Authenticated, AppState>(state).await {
        Ok(_) => ApiError::forbidden(),
        Err(error) => error,
    }
}
