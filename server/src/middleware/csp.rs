//! The Content-Security-Policy of pages: only scripts with the nonce of this one response run.
//!
//! The nonce is made here, stored in the request's extensions for the page to write into its tags
//! ([`crate::web::context`]), and sent in the header.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use leptos::nonce::Nonce;

use crate::state::AppState;

/// The Content-Security-Policy of `/docs`, which has no script.
pub const DOCS: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'",
);

pub async fn page_policy(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let mut bytes = [0; 16];
    state.services.context().random.fill(&mut bytes);
    let nonce = BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let policy = policy(&nonce, state.reloads);
    request.extensions_mut().insert(Nonce::from_value(nonce));

    let mut response = next.run(request).await;
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    response
}

/// `style-src-attr` allows inline styles because the server renders the canvas with its positions in `style`; inline style
/// elements stay forbidden. With `reloads`, the page is allowed to open WebSockets, because `make dev` reports changes on another
/// port.
fn policy(nonce: &str, reloads: bool) -> String {
    let connect = if reloads { "'self' ws: wss:" } else { "'self'" };
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src {connect}; \
         manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}
