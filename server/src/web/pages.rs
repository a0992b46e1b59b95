//! The app's pages, rendered on the server.

use std::sync::LazyLock;

use app::{App, rpc::CurrentCaller, shell};
use axum::{
    Extension, Router,
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse as _, Redirect, Response},
};
use leptos::config::LeptosOptions;
use leptos_axum::{AxumRouteListing, LeptosRoutes as _, generate_route_list_with_exclusions};

use super::context::provide_app_context;
use crate::{http::ApiError, state::AppState};

const SIGN_IN: &str = "/sign-in";

/// The routes of the app's pages. While Leptos lists them, a process-wide switch keeps every page from loading its data, and a
/// page that meets the switch never gets its data (leptos#4773). So they are listed once per process, before any page can be asked
/// for: a server builds its router before it serves.
static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| {
    // Server functions have their own router, with their own limits.
    let functions = server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    generate_route_list_with_exclusions(App, Some(functions))
});

pub fn router(state: &AppState) -> Router<AppState> {
    let context = {
        let state = state.clone();
        move || provide_app_context(&state)
    };
    let document = {
        let options = state.leptos.clone();
        move || shell(options.clone())
    };
    Router::new()
        .leptos_routes_with_context(state, ROUTES.clone(), context, document)
        .route_layer(from_fn_with_state(state.clone(), signed_in_or_sent_away))
        .fallback(not_found)
}

/// Every page except the sign-in page needs a session. After signing in at a provider the browser returns to the page it wanted.
async fn signed_in_or_sent_away(
    State(state): State<AppState>,
    Extension(CurrentCaller(caller)): Extension<CurrentCaller>,
    request: Request,
    next: Next,
) -> Response {
    if caller.is_some() || request.uri().path() == SIGN_IN {
        return next.run(request).await;
    }
    let wanted = request.uri().path();
    if wanted == "/" || state.services.provider_sign_in().is_none() {
        return Redirect::to(SIGN_IN).into_response();
    }
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", wanted).finish();
    Redirect::to(&format!("{SIGN_IN}?{query}")).into_response()
}

/// A browser gets the app's own page; a program gets the envelope.
async fn not_found(State(state): State<AppState>, request: Request) -> Response {
    if *request.method() != Method::GET || !wants_html(request.headers()) {
        return ApiError::not_found().into_response();
    }
    let context = {
        let state = state.clone();
        move || provide_app_context(&state)
    };
    let document = {
        let state = state.clone();
        move || shell(<LeptosOptions as axum::extract::FromRef<AppState>>::from_ref(&state))
    };
    let mut response = leptos_axum::render_app_async_with_context(context, document)(request).await;
    *response.status_mut() = http::StatusCode::NOT_FOUND;
    response
}

pub(crate) fn wants_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}
