//! The casbin rules around REST ([`stacker::authz`]), checked once the caller and the route are known.
//!
//! Deny by default: a route that no rule names is closed.

use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::access::STRANGER;
use stacker::authz::Asked;

use crate::{
    auth::{Identity, credentials_error, identity},
    http::ApiError,
    state::AppState,
};

pub async fn policy(State(state): State<AppState>, request: Request, next: Next) -> Response {
    // A separate function decides, so that the future does not store its variables while the response is held.
    if is_allowed(&state, &request) {
        return next.run(request).await;
    }
    match identity(&request) {
        Identity::Anonymous => ApiError::unauthenticated().into_response(),
        Identity::Known(_) => ApiError::forbidden().into_response(),
        // The check of the credentials gives the most precise reason, and never lets invalid credentials through.
        Identity::BadCredentials | Identity::Agent => {
            Box::pin(credentials_error(&state, request)).await.into_response()
        }
    }
}

fn is_allowed(state: &AppState, request: &Request) -> bool {
    let Some(route) = request.extensions().get::<MatchedPath>() else { return false };
    let client;
    let subjects: &[&str] = match identity(request) {
        Identity::Anonymous | Identity::BadCredentials => &[STRANGER],
        Identity::Agent => &["agent", STRANGER],
        Identity::Known(caller) => match caller.client {
            None => &[caller.role.as_str(), STRANGER],
            Some(id) => {
                client = id.to_string();
                &[caller.role.as_str(), client.as_str(), STRANGER]
            }
        },
    };
    // HEAD requires the same permission as GET.
    let method = if request.method() == Method::HEAD { "GET" } else { request.method().as_str() };
    let asked = Asked { subjects, method, path: request.uri().path(), route: route.as_str() };
    state.services.rest_rules().allows(asked)
}
