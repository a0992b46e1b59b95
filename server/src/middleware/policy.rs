//! The rules of who may do what over REST ([`stacker::authz`]), asked once it is known who asks and which route takes it.
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
    auth::{Subject, refusal, subject},
    http::ApiError,
    state::AppState,
};

pub async fn policy(State(state): State<AppState>, request: Request, next: Next) -> Response {
    // Nothing of the question is kept while the answer is held.
    if is_allowed(&state, &request) {
        return next.run(request).await;
    }
    match subject(&request) {
        Subject::Stranger => ApiError::unauthenticated().into_response(),
        // They say best what is wrong with their credentials, and let nobody in who has none.
        Subject::Refused | Subject::Agent => Box::pin(refusal(&state, request)).await.into_response(),
        Subject::Known { .. } => ApiError::forbidden().into_response(),
    }
}

fn is_allowed(state: &AppState, request: &Request) -> bool {
    let Some(route) = request.extensions().get::<MatchedPath>() else { return false };
    let subject = subject(request);
    let client;
    let subjects: &[&str] = match &subject {
        Subject::Stranger | Subject::Refused => &[STRANGER],
        Subject::Agent => &["agent", STRANGER],
        Subject::Known { role, client: None } => &[role.as_str(), STRANGER],
        Subject::Known { role, client: Some(id) } => {
            client = id.to_string();
            &[role.as_str(), client.as_str(), STRANGER]
        }
    };
    // What asks for the head of an answer asks for the answer.
    let method = if request.method() == Method::HEAD { "GET" } else { request.method().as_str() };
    let asked = Asked { subjects, method, path: request.uri().path(), route: route.as_str() };
    state.services.policy().allows(asked)
}
