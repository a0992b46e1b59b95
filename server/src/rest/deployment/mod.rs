//! `/api/v1/deployments`: a caller's own deployments, and deploying a project.

mod adopt;
mod apply;
mod capabilities;
mod create_status_token;
mod deploy;
mod deploy_to_cloud;
mod enrolment;
mod events;
mod follow_with_token;
mod get;
mod list;
mod plan;
mod remove;
mod restore;
mod revision;
mod revisions;
mod revoke_status_tokens;
mod status_list;
mod status_of_project;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

/// Existing clients send the whole form of the project.
pub fn deploy_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(deploy::deploy_project))
        .routes(routes!(deploy_to_cloud::deploy_project_to_cloud))
}

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_deployments))
        .routes(routes!(get::get_deployment, remove::remove_deployment))
        .routes(routes!(plan::plan_deployment))
        .routes(routes!(apply::apply_plan))
        .routes(routes!(adopt::adopt_drift))
        .routes(routes!(restore::restore_drift))
        .routes(routes!(revisions::list_revisions))
        .routes(routes!(revision::get_revision))
        .routes(routes!(events::follow_deployment))
        .routes(routes!(capabilities::get_capabilities))
        .routes(routes!(enrolment::enrol_agent))
        .routes(routes!(status_list::list_deployment_status))
        .routes(routes!(create_status_token::create_status_token, revoke_status_tokens::revoke_status_tokens))
}

/// Held until something changes, without the time limit of other requests.
pub fn held_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(status_of_project::get_deployment_status))
}

/// Open to anonymous callers, who bring a token that is valid nowhere else.
pub fn open_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(follow_with_token::follow_with_token))
}
