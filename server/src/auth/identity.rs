//! Who sends a request, as the layers around the routers see it, before an extractor insists on a caller.

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
    /// The request claims to come from an agent; the routes of agents check that.
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

/// What is wrong with the credentials of a request. An agent with good ones is told that the route is for users.
pub(crate) async fn credentials_error(state: &AppState, mut request: Request) -> ApiError {
    match request.extract_parts_with_state::<Authenticated, AppState>(state).await {
        Ok(_) => ApiError::forbidden(),
        Err(error) => error,
    }
}
