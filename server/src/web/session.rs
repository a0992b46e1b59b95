//! The session cookie. It holds only a random value, whose hash is in the database.

use std::net::IpAddr;

use app::rpc::{CurrentCaller, CurrentSession};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::cookie::Cookie;
use http::{HeaderMap, header};
use stacker::services::{Browser, SESSION_LIFETIME};

use super::private_cookie::PrivateCookie;
use crate::{auth::peer, http::ApiError, http::Origin, state::AppState};

const SESSION: PrivateCookie = PrivateCookie {
    over_https: "__Host-stacker_session",
    over_http: "stacker_session",
    lifetime: SESSION_LIFETIME,
};

/// Finds the caller of the session and stores it in the request, for pages, server functions and forms.
pub async fn find_caller(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let token = token(&state.origin, request.headers());
    let caller = match token {
        None => None,
        Some(token) => {
            let found = state.services.sessions().find(&token).await;
            request.extensions_mut().insert(CurrentSession(token.into()));
            match found {
                Ok(caller) => caller.map(|caller| caller.at(peer(&request))),
                Err(error) => return ApiError::internal(&error).into_response(),
            }
        }
    };
    request.extensions_mut().insert(CurrentCaller(caller));
    next.run(request).await
}

/// The browser that signs in with this request, as it is stored with the session.
pub fn browser(request: &Request) -> Browser {
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|name| name.to_str().ok());
    Browser { user_agent: user_agent.map(str::to_owned), address: Some(peer(request)) }
}

/// Ends the session of this browser, on sign-out and before a new sign-in: one browser, one session.
pub async fn end_current(state: &AppState, headers: &HeaderMap, address: IpAddr) -> Result<(), ApiError> {
    let Some(token) = token(&state.origin, headers) else { return Ok(()) };
    state.services.sessions().end(&token, Some(address)).await.map_err(|error| ApiError::internal(&error))
}

fn token(origin: &Origin, headers: &HeaderMap) -> Option<String> {
    SESSION.value(origin, headers)
}

pub fn cookie(origin: &Origin, token: String) -> Cookie<'static> {
    SESSION.of(origin, token)
}

pub fn removal(origin: &Origin) -> Cookie<'static> {
    SESSION.removal(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_https_the_cookie_is_bound_to_the_host() {
        let cookie = cookie(&Origin::parse("https://stacker.example").unwrap(), "t".to_owned()).to_string();
        for part in
            ["__Host-stacker_session=t", "HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=1209600"]
        {
            assert!(cookie.contains(part), "{cookie} lacks {part}");
        }
        assert!(!cookie.contains("Domain"));
    }

    #[test]
    fn over_plain_http_it_works_too() {
        let cookie = cookie(&Origin::parse("http://127.0.0.1:8000").unwrap(), "t".to_owned()).to_string();
        assert!(cookie.starts_with("stacker_session=t;") && !cookie.contains("Secure"), "{cookie}");
    }
}
