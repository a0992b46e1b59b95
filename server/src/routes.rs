//! Composes all routers and puts the layers around them. The order of the layers is explained in [`crate::middleware`].

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
};
use tower_http::compression::CompressionLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    agent,
    auth::{authenticate, authenticate_agents},
    docs,
    http::ApiError,
    middleware::{
        body_limit::{self, body_limit},
        catch_panic,
        client_address::client_address,
        cors::cors,
        csrf::csrf_of_functions,
        nul::no_nul_in_address,
        policy::policy,
        rate_limit::{by_address, by_caller},
        refusals::refusals_in_step,
        request_id::request_id,
        security_headers::security_headers,
        timeout::timeout,
        trace::trace,
    },
    openapi, rest,
    state::AppState,
    web,
};

pub fn router(state: AppState) -> Result<Router, serde_json::Error> {
    let (mut api, document) = api(&state);
    state.services.offers(openapi::route_table(&document));
    if let Some(cors) = cors(&state.cors) {
        // Preflight requests use a method that no route has, so the layer must cover this fallback too.
        api = api.method_not_allowed_fallback(method_not_allowed).layer(cors);
    }
    let routes =
        Router::new().merge(api).merge(docs::router(&document, &state.leptos)?).merge(web::router(&state));
    Ok(routes
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn(csrf_of_functions))
        .layer(from_fn(no_nul_in_address))
        .layer(catch_panic::layer())
        .layer(from_fn_with_state(state.clone(), security_headers))
        .layer(from_fn(trace))
        .layer(from_fn_with_state(state.clone(), request_id))
        .layer(from_fn(refusals_in_step))
        .layer(from_fn_with_state(state.clone(), client_address))
        .with_state(state))
}

/// The router adds the `Allow` header.
async fn method_not_allowed() -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "this path does not support this method; see the header Allow",
    )
}

/// The description of the REST API, for programs that run no server.
pub fn document(state: &AppState) -> OpenApi {
    api(state).1
}

/// The routes that programs call (REST and agents), each group with its layers, and the document that describes them.
fn api(state: &AppState) -> (Router<AppState>, OpenApi) {
    let with_compose = limited(rest::with_compose(), state.limits.request_body_bytes);
    let small = limited(rest::small(), body_limit::SMALL);
    let texts = limited(rest::texts(), body_limit::TEXT);
    let commands = limited(rest::commands(), body_limit::COMMAND);

    let policy = from_fn_with_state(state.clone(), policy);
    let by_caller = from_fn_with_state(state.clone(), by_caller);
    let by_address = from_fn_with_state(state.clone(), by_address);
    let timeout = from_fn_with_state(state.limits.request_timeout, timeout);
    let for_users = with_compose
        .merge(small)
        .merge(texts)
        .merge(commands)
        .layer(policy.clone())
        .layer(by_caller.clone())
        .layer(from_fn_with_state(state.clone(), authenticate))
        .layer(by_address.clone())
        .layer(CompressionLayer::new())
        .layer(timeout.clone());
    // Agents are not counted by address, because a hundred hosts can share one. Each agent is limited once it is known.
    let for_agents = limited(agent::routes(), body_limit::COMMAND)
        .layer(policy.clone())
        .layer(from_fn_with_state(state.clone(), authenticate_agents))
        .layer(CompressionLayer::new())
        .layer(timeout.clone());
    // A bearer token sent to these routes never belongs to a user, so it is not looked up at the provider.
    let open = limited(agent::open_routes(), body_limit::REGISTRATION).layer(policy.clone()).layer(timeout);
    // Held requests have their own time limit. They are not compressed: their responses are small and must be sent at once.
    let followed = limited(rest::held(), body_limit::SMALL)
        .layer(policy.clone())
        .layer(by_caller)
        .layer(from_fn_with_state(state.clone(), authenticate))
        .layer(by_address.clone());
    // A status token belongs to no caller, so it is not looked up at the provider either.
    let watched = limited(rest::open(), body_limit::SMALL).layer(policy.clone()).layer(by_address);
    let polled = limited(agent::held_routes(), body_limit::SMALL)
        .layer(policy)
        .layer(from_fn_with_state(state.clone(), authenticate_agents));
    OpenApiRouter::with_openapi(openapi::document())
        .merge(for_users)
        .merge(for_agents)
        .merge(open)
        .merge(followed)
        .merge(watched)
        .merge(polled)
        .split_for_parts()
}

fn limited(routes: OpenApiRouter<AppState>, limit: usize) -> OpenApiRouter<AppState> {
    routes.layer(DefaultBodyLimit::max(limit)).layer(from_fn_with_state(limit, body_limit))
}
