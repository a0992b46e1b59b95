use axum::{extract::State, http::StatusCode};
use domain::api::{Enrolment, Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// A code for an agent of others that lost its token: it registers with it once more. Shown once, for one use, for 15
/// minutes. Deployments on hosts of yours have no agent of their own.
#[utoipa::path(post, path = "/api/v1/deployments/{deployment_hash}/enrolment", tag = "deployments",
    params(("deployment_hash" = String, Path)),
    responses((status = 201, description = "The code", body = Envelope<Enrolment>), Failures))]
pub async fn enrol_agent(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(hash): PathPart<String>,
) -> Result<(StatusCode, Answer<Enrolment>), ApiError> {
    let enrolment = state.services.hosts().enrol_deployment(&caller, &hash).await?;
    Ok((StatusCode::CREATED, Answer::item("OK", enrolment)))
}
