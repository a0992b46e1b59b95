use axum::extract::State;
use domain::api::{Envelope, ErrorBody, PlanAnswer, PlanRequest};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, OptionalJsonBody, PathPart},
    state::AppState,
};

/// Plans what would change on the host if the current project or an earlier revision were deployed. Waits up to 20 seconds
/// for the agent; an answer without `plan` and `problem` means that the agent is still working: ask again.
#[utoipa::path(post, path = "/api/v1/deployments/{deployment_hash}/plan", tag = "deployments",
    params(("deployment_hash" = String, Path)), request_body(content = Option<PlanRequest>),
    responses((status = 200, description = "The plan", body = Envelope<PlanAnswer>),
        (status = 409, description = "It has ended, or it is not on one of your hosts", body = ErrorBody),
        (status = 422, description = "The stack has errors", body = ErrorBody), Failures, BodyFailures))]
pub async fn plan_deployment(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(hash): PathPart<String>,
    OptionalJsonBody(request): OptionalJsonBody<PlanRequest>,
) -> Result<Answer<PlanAnswer>, ApiError> {
    Ok(Answer::item("OK", state.services.deployments().plan(&caller, &hash, request).await?))
}
