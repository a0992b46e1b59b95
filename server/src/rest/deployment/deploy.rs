use axum::extract::State;
use domain::api::{DeployMeta, Envelope, ErrorBody};
use serde_json::Value;
use stacker::services::DeployForm;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody, PathId},
    state::AppState,
};

/// Deploys a project. `{"host": "…"}` starts it on one of your hosts; without a host, and with the `stack`, `server` and
/// `cloud` that existing clients send, the deployment waits for an agent that registers with its hash.
#[utoipa::path(post, path = "/project/{id}/deploy", tag = "deployments", params(("id" = i32, Path)), request_body = Value,
    responses((status = 200, description = "`id` is the project's; `meta` names the deployment", body = Envelope<Value, DeployMeta>),
        (status = 422, description = "The provider is a cloud, and none is configured; or the stack has errors", body = ErrorBody),
        Failures, BodyFailures))]
pub async fn deploy_project(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    JsonBody(form): JsonBody<Value>,
) -> Result<Answer<Value, DeployMeta>, ApiError> {
    let form = DeployForm::parse(&form)?;
    let meta = state.services.deployments().deploy(&caller, id, form).await?;
    Ok(Answer::message("Success").id(id).meta(meta))
}
