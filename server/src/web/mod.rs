//! What browsers use: Leptos wiring, server functions, session cookie, sign-in, forms, static files.
//!
//! A new page needs nothing here, because the routes come from the app. A new form that must work without JavaScript needs a
//! handler in `forms/` and a line in `forms::small` or `forms::with_compose`.

mod assets;
mod context;
mod deployment_events;
mod download;
mod forms;
mod host_events;
mod leptos_options;
mod pages;
mod private_cookie;
mod project_events;
mod provider;
mod rpc;
mod session;
mod sign_in;
mod sign_out;

pub use leptos_options::leptos_options;
pub(crate) use pages::wants_html;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::post,
};
use tower_http::compression::CompressionLayer;

use crate::{
    middleware::{
        body_limit::{self, body_limit},
        csp::page_policy,
        csrf::csrf,
        nul::no_nul_in_body,
        rate_limit::{by_address_of_visitor, by_visitor},
        timeout::timeout,
    },
    state::AppState,
};

pub fn router(state: &AppState) -> Router<AppState> {
    let pages = pages::router(state).layer(from_fn_with_state(state.clone(), page_policy));
    let rpc = rpc::router().layer(from_fn(no_nul_in_body));
    let rpc = limited(rpc, state.limits.request_body_bytes).layer(from_fn(csrf));
    let sign_in = Router::new()
        .route("/sign-in", post(sign_in::sign_in))
        .route("/sign-out", post(sign_out::sign_out))
        .route("/sign-out/everywhere", post(sign_out::everywhere));
    let forms = limited(forms::small().layer(from_fn(no_nul_in_body)), body_limit::SMALL)
        // Uploads: the use case checks the file, wherever it comes from.
        .merge(limited(forms::with_compose(), state.limits.request_body_bytes));
    let sign_in = sign_in.layer(from_fn(no_nul_in_body));
    let posts = limited(sign_in, body_limit::SMALL).merge(forms).layer(from_fn(csrf));

    pages
        .merge(rpc)
        .merge(posts)
        .merge(provider::router())
        .merge(deployment_events::router())
        .merge(host_events::router())
        .merge(project_events::router())
        .layer(from_fn_with_state(state.clone(), by_visitor))
        .layer(from_fn_with_state(state.clone(), session::find_caller))
        .layer(from_fn_with_state(state.clone(), by_address_of_visitor))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(state.limits.request_timeout, timeout))
        .merge(download::router(state))
        .merge(assets::router(&state.leptos))
}

fn limited(routes: Router<AppState>, limit: usize) -> Router<AppState> {
    routes.layer(DefaultBodyLimit::max(limit)).layer(from_fn_with_state(limit, body_limit))
}
