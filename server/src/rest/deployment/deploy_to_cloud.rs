use axum::extract::State;
use domain::api::{DeployMeta, Envelope, ErrorBody};
use serde_json::Value;
use stacker::services::DeployForm;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody, PathPart},
    state::AppState,
};

/// Deploys a project with saved cloud credentials. This server has no cloud configured.
#[utoipa::path(post, path = "/project/{id}/deploy/{cloud_id}", tag = "deployments", request_body = Value,
    params(("id" = i32, Path), ("cloud_id" = i32, Path)),
    responses((status = 200, description = "Deployed", body = Envelope<Value, DeployMeta>),
        (status = 422, description = "No cloud is configured", body = ErrorBody), Failures, BodyFailures))]
pub async fn deploy_project_to_cloud(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart((id, _cloud)): PathPart<(i32, i32)>,
    JsonBody(form): JsonBody<Value>,
) -> Result<Answer<Value, DeployMeta>, ApiError> {
    DeployForm::parse(&form)?;
    let meta = state.services.deployments().deploy_to_cloud(&caller, id).await?;
    Ok(Answer::message("Success").id(id).meta(meta))
}
