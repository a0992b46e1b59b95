//! The REST API: one folder per resource, one file per endpoint.
//!
//! A new endpoint: a file with the handler and its `#[utoipa::path]`, one line in the resource's `routes()`. A handler
//! says who asks ([`crate::auth::Authenticated`]), calls one use case, and answers in the envelope. The OpenAPI document
//! grows by itself; its snapshot is reviewed (`cargo insta review`).

mod account_limit;
mod admin;
mod answer;
mod audit;
mod audit_error;
mod caller;
mod check;
mod client;
mod client_error;
mod command;
mod command_error;
mod confirmation;
mod deployment;
mod deployment_error;
mod error;
mod failures;
mod health;
mod host;
mod host_error;
mod json_body;
mod page_query;
mod path_id;
mod path_part;
mod policy;
mod policy_error;
mod precondition;
mod project;
mod project_error;
mod query_of;
mod sharing;
mod sharing_error;
mod token;
mod token_error;

pub use answer::Answer;
pub(crate) use audit::{ExportQuery, PartQuery, exported};
pub(crate) use command::created_command;
pub use confirmation::Confirmation;
pub use deployment::{AfterQuery, event_stream};
pub use error::ApiError;
pub use failures::{BodyFailures, ChangeFailures, Failures};
pub use json_body::{JsonBody, OptionalJsonBody};
pub(crate) use json_body::{in_time, parse_json, unread};
pub use page_query::{ListMeta, PageQuery};
pub use path_id::PathId;
pub use path_part::PathPart;
pub use precondition::{IfMatch, IfNoneMatch};
pub use query_of::QueryOf;

use axum::{Router, extract::DefaultBodyLimit, middleware::from_fn_with_state};
use stacker::config::LimitSettings;
use tower_http::compression::CompressionLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    agent,
    auth::{authenticate, authenticate_agents},
    middleware::{
        body_limit::{self, body_limit},
        policy::policy,
        rate_limit::{by_address, by_caller},
        timeout::timeout,
    },
    openapi,
    state::AppState,
};

/// Of reports and of commands with their parameters: as much as agents were always allowed.
const COMMAND_BYTES: usize = 2 * 1024 * 1024;
/// The most that any route takes: as much of a signed body is read before it is known who signed.
pub(crate) fn largest_body(limits: &LimitSettings) -> usize {
    limits.request_body_bytes.max(COMMAND_BYTES)
}

/// Of an agent that says what it is.
const REGISTRATION_BYTES: usize = 64 * 1024;

/// The routes with their layers, and the document that describes them.
pub fn router(state: &AppState) -> (Router<AppState>, OpenApi) {
    let with_compose = limited(
        OpenApiRouter::new()
            .merge(project::routes())
            .merge(check::routes())
            .merge(deployment::deploy_routes()),
        state.limits.request_body_bytes,
    );
    let small = limited(
        OpenApiRouter::new()
            .merge(admin::routes())
            .merge(audit::routes())
            .merge(caller::routes())
            .merge(client::routes())
            .merge(token::routes())
            .merge(health::routes())
            .merge(policy::routes())
            .merge(deployment::routes())
            .merge(host::routes())
            .merge(sharing::routes()),
        body_limit::SMALL,
    );
    let commands =
        limited(OpenApiRouter::new().merge(command::routes()).merge(agent::user_routes()), COMMAND_BYTES);

    let policy = from_fn_with_state(state.clone(), policy);
    let by_caller = from_fn_with_state(state.clone(), by_caller);
    let by_address = from_fn_with_state(state.clone(), by_address);
    let timeout = from_fn_with_state(state.limits.request_timeout, timeout);
    let asked = with_compose
        .merge(small)
        .merge(commands)
        .layer(policy.clone())
        .layer(by_caller.clone())
        .layer(from_fn_with_state(state.clone(), authenticate))
        .layer(by_address.clone())
        .layer(CompressionLayer::new())
        .layer(timeout.clone());
    // Not counted by address: a hundred hosts may be behind one. What each may say is limited where it is known who it is.
    let agents = limited(agent::routes(), COMMAND_BYTES)
        .layer(policy.clone())
        .layer(from_fn_with_state(state.clone(), authenticate_agents))
        .layer(CompressionLayer::new())
        .layer(timeout.clone());
    // The bearer of these is no user's: nobody else is to be asked about it.
    let open = limited(agent::open_routes(), REGISTRATION_BYTES).layer(policy.clone()).layer(timeout);
    // They have a time limit of their own. Not compressed: what is held is small, and is to leave as it is.
    let followed = limited(command::held_routes(), body_limit::SMALL)
        .layer(policy.clone())
        .layer(by_caller)
        .layer(from_fn_with_state(state.clone(), authenticate))
        .layer(by_address);
    let polled = limited(agent::held_routes(), body_limit::SMALL)
        .layer(policy)
        .layer(from_fn_with_state(state.clone(), authenticate_agents));
    OpenApiRouter::with_openapi(openapi::document())
        .merge(asked)
        .merge(agents)
        .merge(open)
        .merge(followed)
        .merge(polled)
        .split_for_parts()
}

fn limited(routes: OpenApiRouter<AppState>, limit: usize) -> OpenApiRouter<AppState> {
    routes.layer(DefaultBodyLimit::max(limit)).layer(from_fn_with_state(limit, body_limit))
}
