//! The REST API: one folder per resource, one file per endpoint.
//!
//! A new endpoint: a file with the handler and its `#[utoipa::path]`, one line in the resource's `routes()`. A handler
//! says who asks ([`crate::auth::Authenticated`]), calls one use case, and answers in the envelope. The OpenAPI document
//! grows by itself; its snapshot is reviewed (`cargo insta review`).

mod admin;
mod answer;
mod check;
mod error;
mod failures;
mod health;
mod json_body;
mod page_query;
mod path_id;
mod precondition;
mod project;
mod project_error;

pub use answer::Answer;
pub use error::ApiError;
pub use failures::{BodyFailures, ChangeFailures, Failures};
pub use json_body::JsonBody;
pub use page_query::{ListMeta, PageQuery};
pub use path_id::PathId;
pub use precondition::{IfMatch, IfNoneMatch};

use axum::{Router, extract::DefaultBodyLimit, middleware::from_fn_with_state};
use tower_http::compression::CompressionLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    auth::authenticate,
    middleware::{
        body_limit::{self, body_limit},
        timeout::timeout,
    },
    openapi,
    state::AppState,
};

/// The routes with their layers, and the document that describes them.
pub fn router(state: &AppState) -> (Router<AppState>, OpenApi) {
    let with_compose = limited(
        OpenApiRouter::new().merge(project::routes()).merge(check::routes()),
        state.limits.request_body_bytes,
    );
    let small =
        limited(OpenApiRouter::new().merge(admin::routes()).merge(health::routes()), body_limit::SMALL);

    let (router, document) =
        OpenApiRouter::with_openapi(openapi::document()).merge(with_compose).merge(small).split_for_parts();
    let router = router
        .layer(from_fn_with_state(state.clone(), authenticate))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(state.limits.request_timeout, timeout));
    (router, document)
}

fn limited(routes: OpenApiRouter<AppState>, limit: usize) -> OpenApiRouter<AppState> {
    routes.layer(DefaultBodyLimit::max(limit)).layer(from_fn_with_state(limit, body_limit))
}
