//! Who asks, as the rules of [`stacker::authz`] name it.

use axum::{RequestExt as _, extract::Request};
use domain::access::{Caller, Role};

use super::{
    Authenticated,
    authenticate::{Failure, Outcome},
};
use crate::{http::ApiError, state::AppState};

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

/// As [`Subject`], for who needs to know whom.
#[derive(Debug)]
pub(crate) enum Asking<'a> {
    Stranger,
    Agent,
    Refused,
    Known(&'a Caller),
}

pub(crate) fn asking(request: &Request) -> Asking<'_> {
    match request.extensions().get::<Outcome>().map(|outcome| &*outcome.0) {
        None | Some(Ok(None)) => Asking::Stranger,
        Some(Ok(Some(caller))) => Asking::Known(caller),
        Some(Err(Failure::Agent)) => Asking::Agent,
        Some(Err(_)) => Asking::Refused,
    }
}

pub(crate) fn subject(request: &Request) -> Subject {
    match asking(request) {
        Asking::Stranger => Subject::Stranger,
        Asking::Known(caller) => Subject::Known { role: caller.role.clone(), client: caller.client },
        Asking::Agent => Subject::Agent,
        Asking::Refused => Subject::Refused,
    }
}

/// What is wrong with the credentials of a request; with those of an agent that is one, that this is for users.
pub(crate) async fn refusal(state: &AppState, mut request: Request) -> ApiError {
    match request.extract_parts_with_state::<Authenticated, AppState>(state).await {
        Ok(_) => ApiError::forbidden(),
        Err(error) => error,
    }
}
