//! The layers that count every request, and what is answered to one too many.

use app::rpc::{CurrentCaller, RpcError};
use axum::{
    Json,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse as _, Response},
};
use domain::access::Caller;

use super::{Standing, dear::Dear, limiter::Counted};
use crate::{
    auth::{Asking, asking},
    middleware::client_address::address_of,
    state::AppState,
    web::wants_html,
};

/// As clauses about what there was too much of.
pub const BY_ADDRESS: &str = "too many requests from your address in a short time";
const BY_ACCOUNT: &str = "too many requests of your account in a short time";

/// Over REST, before anything is known of who asks. Says on the answer how things stand, as far as this and the layers below
/// know.
pub async fn by_address(State(state): State<AppState>, request: Request, next: Next) -> Response {
    count_address(&state, Refused::Program, request, next).await
}

/// The same on pages, forms and server functions.
pub async fn by_address_of_visitor(State(state): State<AppState>, request: Request, next: Next) -> Response {
    count_address(&state, Refused::visitor(&request), request, next).await
}

async fn count_address(state: &AppState, refused: Refused, request: Request, next: Next) -> Response {
    let standing = match state.rates.address(address_of(request.extensions())) {
        Ok(standing) => standing,
        Err(standing) => return refused.answer(standing, "too-many-requests", BY_ADDRESS),
    };
    let mut response = next.run(request).await;
    let below = response.extensions_mut().remove::<Standing>();
    if let Some(standing) = Standing::nearer(standing, below) {
        standing.say(&mut response);
    }
    response
}

/// Over REST, once it is known who asks.
pub async fn by_caller(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let counted = match asking(&request) {
        Asking::Known(caller) => count(&state, &request, caller),
        Asking::Stranger => {
            let counted = state.rates.anonymous(address_of(request.extensions()));
            counted.map_err(|standing| (standing, "too-many-requests", BY_ADDRESS))
        }
        // Counted where it is found out who that is, or what is wrong.
        Asking::Agent | Asking::Refused => Ok(None),
    };
    go_on(counted, Refused::Program, request, next).await
}

/// On pages, forms and server functions, once the session is known. Without one only the address counts.
pub async fn by_visitor(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let caller = request.extensions().get::<CurrentCaller>().and_then(|current| current.0.as_ref());
    let counted = caller.map_or(Ok(None), |caller| count(&state, &request, caller));
    go_on(counted, Refused::visitor(&request), request, next).await
}

type Excess = (Standing, &'static str, &'static str);

fn count(state: &AppState, request: &Request, caller: &Caller) -> Result<Option<Standing>, Excess> {
    let general: Counted = state.rates.caller(caller);
    let general = general.map_err(|standing| (standing, "too-many-requests", BY_ACCOUNT))?;
    let path = request.uri().path();
    // All server functions are one route.
    let route = match request.extensions().get::<MatchedPath>() {
        Some(route) if !path.starts_with("/rpc/") => route.as_str(),
        _ => path,
    };
    let Some(dear) = Dear::of(request.method(), route) else { return Ok(general) };
    let counted = state.rates.dear(dear, caller);
    let dear = counted.map_err(|standing| (standing, dear.code(), dear.excess()))?;
    Ok(Standing::nearer(general, dear))
}

async fn go_on(
    counted: Result<Option<Standing>, Excess>,
    refused: Refused,
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
        Err((standing, code, excess)) => refused.answer(standing, code, excess),
    }
}

/// Who hears that it was one too many.
enum Refused {
    Program,
    /// A page that is open.
    ServerFunction,
    /// Somebody who followed a link or sent a form.
    Browser,
}

impl Refused {
    /// Of pages, and of what is asked for from one.
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

/// Not one of the app's: it is for when there were too many of those.
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
