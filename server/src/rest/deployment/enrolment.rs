use axum::{extract::State, http::StatusCode};
use domain::api::{Enrolment, Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// Creates a code with which a third-party agent that lost its token can register again: shown once, valid for one use and 15
/// minutes. Deployments on your hosts have no agent of their own.
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
