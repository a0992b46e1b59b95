use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use domain::api::{Envelope, StatusToken};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// Makes a token with which a page of another origin follows this deployment for five minutes, read-only. It is shown only once.
#[utoipa::path(post, path = "/api/v1/deployments/{deployment_hash}/status-token", tag = "deployments",
    params(("deployment_hash" = String, Path)),
    responses((status = 201, description = "The token", body = Envelope<StatusToken>), Failures))]
pub async fn create_status_token(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(hash): PathPart<String>,
) -> Result<Response, ApiError> {
    let token = state.services.deployments().create_status_token(&caller, &hash).await?;
    let answer: Answer<StatusToken> = Answer::item("OK", token);
    let mut response = (StatusCode::CREATED, answer).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
