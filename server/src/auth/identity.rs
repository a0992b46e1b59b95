//! The sender of a request, as the layers around the routers see it, before an extractor requires a caller.

use axum::{RequestExt as _, extract::Request};
use domain::access::Caller;

use super::{
    Authenticated,
    authentication::{Authentication, Failure},
};
use crate::{http::ApiError, state::AppState};

#[derive(Debug)]
pub(crate) enum Identity<'a> {
    Anonymous,
    /// The request claims to come from an agent; the agent routes verify that.
    Agent,
    BadCredentials,
    Known(&'a Caller),
}

pub(crate) fn identity(request: &Request) -> Identity<'_> {
    match request.extensions().get::<Authentication>().map(|authentication| &*authentication.0) {
        None | Some(Ok(None)) => Identity::Anonymous,
        Some(Ok(Some(caller))) => Identity::Known(caller),
        Some(Err(Failure::Agent)) => Identity::Agent,
        Some(Err(_)) => Identity::BadCredentials,
    }
}

/// The error for the credentials of a request. An agent with valid credentials learns that the route is for users.
pub(crate) async fn credentials_error(state: &AppState, mut request: Request) -> ApiError {
    match request.extract_parts_with_state::<Authenticated, AppState>(state).await {
        Ok(_) => ApiError::forbidden(),
        Err(error) => error,
    }
}
