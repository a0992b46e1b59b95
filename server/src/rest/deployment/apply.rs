use axum::extract::State;
use domain::api::{ApplyRequest, Envelope, ErrorBody, StartedCommand};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody, PathPart},
    state::AppState,
};

/// Deploys a planned revision. With `plan_hash`, only if the plan still holds on the host.
#[utoipa::path(post, path = "/api/v1/deployments/{deployment_hash}/apply", tag = "deployments", request_body = ApplyRequest,
    params(("deployment_hash" = String, Path)),
    responses((status = 200, description = "The command that deploys it", body = Envelope<StartedCommand>),
        (status = 409, description = "A command is running on it, it has ended, or the revision was already tried", body = ErrorBody),
        Failures, BodyFailures))]
pub async fn apply_plan(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(hash): PathPart<String>,
    JsonBody(request): JsonBody<ApplyRequest>,
) -> Result<Answer<StartedCommand>, ApiError> {
    Ok(Answer::item("Deploying", state.services.deployments().apply(&caller, &hash, request).await?))
}
