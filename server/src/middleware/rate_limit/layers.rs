//! The layers that count every request, and the response to one too many.

use app::rpc::{CurrentCaller, RpcError};
use axum::{
    Json,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse as _, Response},
};
use domain::access::Caller;

use super::{BY_ADDRESS, Standing, costly::Costly, limiter::Counted};
use crate::{
    auth::{Identity, identity},
    middleware::client_address::address_of,
    state::AppState,
    web::wants_html,
};

/// The clause of the error message that says what there was too much of.
const BY_ACCOUNT: &str = "too many requests from your account in a short time";

/// For REST, before the caller is known. Puts the quota headers on the response, from this layer and those inside it.
pub async fn by_address(State(state): State<AppState>, request: Request, next: Next) -> Response {
    count_address(&state, Audience::Program, request, next).await
}

/// Like [`by_address`], for pages, forms and server functions.
pub async fn by_address_of_visitor(State(state): State<AppState>, request: Request, next: Next) -> Response {
    count_address(&state, Audience::visitor(&request), request, next).await
}

async fn count_address(state: &AppState, audience: Audience, request: Request, next: Next) -> Response {
    let standing = match state.rates.address(address_of(request.extensions())) {
        Ok(standing) => standing,
        Err(standing) => return audience.answer(standing, "too-many-requests", BY_ADDRESS),
    };
    let mut response = next.run(request).await;
    let below = response.extensions_mut().remove::<Standing>();
    if let Some(standing) = Standing::nearer(standing, below) {
        standing.say(&mut response);
    }
    response
}

/// For REST, once the caller is known.
pub async fn by_caller(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let counted = match identity(&request) {
        Identity::Known(caller) => count(&state, &request, caller),
        Identity::Anonymous => {
            let counted = state.rates.anonymous(address_of(request.extensions()));
            counted.map_err(|standing| (standing, "too-many-requests", BY_ADDRESS))
        }
        // These are counted where the agent is looked up, or where the credentials turn out to be wrong.
        Identity::Agent | Identity::BadCredentials => Ok(None),
    };
    go_on(counted, Audience::Program, request, next).await
}

/// For pages, forms and server functions, once the session is known. Without a session, only the address counts.
pub async fn by_visitor(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let caller = request.extensions().get::<CurrentCaller>().and_then(|current| current.0.as_ref());
    let counted = caller.map_or(Ok(None), |caller| count(&state, &request, caller));
    go_on(counted, Audience::visitor(&request), request, next).await
}

type Excess = (Standing, &'static str, &'static str);

fn count(state: &AppState, request: &Request, caller: &Caller) -> Result<Option<Standing>, Excess> {
    let general: Counted = state.rates.caller(caller);
    let general = general.map_err(|standing| (standing, "too-many-requests", BY_ACCOUNT))?;
    let path = request.uri().path();
    // All server functions share one route, so they are told apart by their path.
    let route = match request.extensions().get::<MatchedPath>() {
        Some(route) if !path.starts_with("/rpc/") => route.as_str(),
        _ => path,
    };
    let Some(costly) = Costly::of(request.method(), route) else { return Ok(general) };
    let counted = state.rates.costly(costly, caller);
    let costly = counted.map_err(|standing| (standing, costly.code(), costly.excess()))?;
    Ok(Standing::nearer(general, costly))
}

async fn go_on(
    counted: Result<Option<Standing>, Excess>,
    audience: Audience,
    request: Request,
    next: Next,
) -> Response {
    match counted {
        Ok(None) => next.run(request).await,
        Ok(Some(standing)) => {
            let mut response = next.run(request).await;
            response.extensions_mut().insert(standing);
            response
        }
        Err((standing, code, excess)) => audience.answer(standing, code, excess),
    }
}

/// The reader of the response to one request too many; each gets a form that it understands.
enum Audience {
    Program,
    /// A page that is open in a browser.
    ServerFunction,
    /// A person who followed a link or sent a form.
    Browser,
}

impl Audience {
    /// The audience of a request to pages, forms or server functions.
    fn visitor(request: &Request) -> Self {
        if wants_html(request.headers()) {
            Self::Browser
        } else if request.uri().path().starts_with("/rpc/") {
            Self::ServerFunction
        } else {
            Self::Program
        }
    }

    fn answer(self, standing: Standing, code: &str, excess: &str) -> Response {
        let envelope = standing.refusal(code, excess).into_response();
        let seconds = standing.wait.max(1);
        let body = match self {
            Self::Program => return envelope,
            Self::ServerFunction => Json(RpcError::TooManyRequests { seconds }).into_response(),
            Self::Browser => Html(page(seconds)).into_response(),
        };
        let mut answer = (StatusCode::TOO_MANY_REQUESTS, body).into_response();
        for (name, value) in envelope.headers() {
            if *name != header::CONTENT_TYPE && *name != header::CONTENT_LENGTH {
                answer.headers_mut().insert(name.clone(), value.clone());
            }
        }
        answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer
    }
}

/// Plain HTML that the app does not render, because rendering would cost more than a surplus request is worth.
fn page(seconds: u32) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>Too many requests – Stacker</title>\n</head>\n\
         <body>\n<main>\n<h1>Too many requests</h1>\n\
         <p>This server was asked too often from here in a short time. Nothing was changed. Wait {seconds} s, then load the page again.</p>\n\
         <p><a href=\"/\">Go to the projects</a></p>\n</main>\n</body>\n</html>\n"
    )
}
