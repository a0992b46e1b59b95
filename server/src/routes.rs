//! All routers in one, with the layers that are around everything. The order is explained in [`crate::middleware`].

use axum::{
    Router,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
};
use utoipa::openapi::OpenApi;

use crate::{
    middleware::{
        catch_panic, client_address::client_address, cors::cors, csrf::csrf_of_functions,
        refusals::refusals_in_step, request_id::request_id, security_headers::security_headers, trace::trace,
    },
    openapi,
    rest::{self, ApiError},
    state::AppState,
    web::{self, PageRoutes},
};

pub fn router(state: AppState, pages: PageRoutes) -> Result<Router, serde_json::Error> {
    let (mut rest, document) = rest::router(&state);
    state.services.offers(openapi::route_table(&document));
    if let Some(cors) = cors(&state.cors) {
        // What asks before it asks uses a method that no route has: the answer to that is covered too.
        rest = rest.method_not_allowed_fallback(method_not_allowed).layer(cors);
    }
    let routes =
        Router::new().merge(rest).merge(openapi::router(&document)?).merge(web::router(&state, pages));
    Ok(routes
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn(csrf_of_functions))
        .layer(catch_panic::layer())
        .layer(from_fn_with_state(state.clone(), security_headers))
        .layer(from_fn(trace))
        .layer(from_fn_with_state(state.clone(), request_id))
        .layer(from_fn(refusals_in_step))
        .layer(from_fn_with_state(state.clone(), client_address))
        .with_state(state))
}

/// The router adds `Allow`.
async fn method_not_allowed() -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "this path does not take this method; see Allow",
    )
}

/// The description of the REST API, for whoever has no server running.
pub fn document(state: &AppState) -> OpenApi {
    rest::router(state).1
}
