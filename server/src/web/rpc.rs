//! Server functions: the calls of pages that run in the browser.

use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::any,
};
use leptos_axum::handle_server_fns_with_context;

use super::context::provide_app_context;
use crate::{http::ApiError, state::AppState};

pub fn router() -> Router<AppState> {
    Router::new().route("/rpc/{*function}", any(call))
}

async fn call(State(state): State<AppState>, request: Request) -> Response {
    let known = server_fn::axum::server_fn_paths()
        .any(|(path, method)| path == request.uri().path() && method == *request.method());
    if !known {
        // The tab was left open and still shows a page of an older server.
        return ApiError::new(
            StatusCode::GONE,
            "unknown-function",
            "this server does not know the function; reload the page",
        )
        .into_response();
    }
    handle_server_fns_with_context(move || provide_app_context(&state), request).await.into_response()
}
