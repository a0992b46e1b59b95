use axum::extract::State;
use domain::{
    api::{DeployMeta, Envelope, ErrorBody},
    cloud::DeployBody,
};
use serde_json::Value;
use stacker::services::DeploymentError;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody, PathId},
    state::AppState,
};

/// Deploys a project. `{"host": "…"}` starts it on one of your hosts. With the `stack`, `server` and `cloud` that existing clients
/// send, the install service creates a machine in the cloud, with the credentials of the request. On a server without a message
/// broker, the provider `own` waits for an agent that registers with the deployment's hash.
#[utoipa::path(post, path = "/project/{id}/deploy", tag = "deployments", params(("id" = i32, Path)), request_body = DeployBody,
    responses((status = 200, description = "`id` is the project's; `meta` names the deployment", body = Envelope<Value, DeployMeta>),
        (status = 422, description = "There is no message broker, or the stack has errors, or a cloud cannot run it", body = ErrorBody),
        Failures, BodyFailures))]
pub async fn deploy_project(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    JsonBody(body): JsonBody<Value>,
) -> Result<Answer<Value, DeployMeta>, ApiError> {
    let body = DeployBody::parse(&body).map_err(|errors| DeploymentError::Invalid { errors })?;
    let meta = state.services.deployments().deploy(&caller, id, body).await?;
    Ok(Answer::message("Success").id(id).meta(meta))
}
