use axum::extract::State;
use domain::{
    api::{DeployMeta, Envelope, ErrorBody},
    cloud::DeployBody,
};
use serde_json::Value;
use stacker::services::DeploymentError;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody, PathPart},
    state::AppState,
};

/// Deploys a project through the install service, with the credentials of a stored cloud: your own, or one that the project's
/// owner has shared with the project. A cloud that stores none uses those in the request.
#[utoipa::path(post, path = "/project/{id}/deploy/{cloud_id}", tag = "deployments",
    params(("id" = i32, Path), ("cloud_id" = i32, Path)), request_body = DeployBody,
    responses((status = 200, description = "`id` is the project's; `meta` names the deployment", body = Envelope<Value, DeployMeta>),
        (status = 422, description = "There is no message broker, or the stack has errors, or a cloud cannot run it", body = ErrorBody),
        Failures, BodyFailures))]
pub async fn deploy_project_to_cloud(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart((id, cloud_id)): PathPart<(i32, i32)>,
    JsonBody(body): JsonBody<Value>,
) -> Result<Answer<Value, DeployMeta>, ApiError> {
    let body = DeployBody::parse(&body).map_err(|errors| DeploymentError::Invalid { errors })?;
    let meta = state.services.deployments().deploy_to_cloud(&caller, id, cloud_id, body).await?;
    Ok(Answer::message("Success").id(id).meta(meta))
}
