//! The rules of who may do what over REST ([`stacker::authz`]), asked once it is known who asks and which route takes it.
//!
//! Deny by default: a route that no rule names is closed.

use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use stacker::authz::Asked;

use crate::{
    auth::{Subject, refusal, subject},
    rest::ApiError,
    state::AppState,
};

/// Whoever is known may what strangers may.
const STRANGER: &str = "anonym";

pub async fn policy(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let subject = subject(&request);
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
    let route = request.extensions().get::<MatchedPath>().map(|route| route.as_str().to_owned());
    let allowed = route.is_some_and(|route| {
        // What asks for the head of an answer asks for the answer.
        let method = if request.method() == Method::HEAD { "GET" } else { request.method().as_str() };
        let path = request.uri().path();
        state.services.policy().allows(Asked { subjects, method, path, route: &route })
    });
    match subject {
        _ if allowed => next.run(request).await,
        Subject::Stranger => ApiError::unauthenticated().into_response(),
        // They say best what is wrong with their credentials, and let nobody in who has none.
        Subject::Refused | Subject::Agent => refusal(&state, request).await.into_response(),
        Subject::Known { .. } => ApiError::forbidden().into_response(),
    }
}
