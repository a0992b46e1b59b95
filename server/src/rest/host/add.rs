use axum::{extract::State, http::StatusCode};
use domain::api::{AddHost, Enrolment, Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody},
    state::AppState,
};

/// Adds a host. It joins with the command in the answer within 15 minutes; the code in it is shown only once.
#[utoipa::path(post, path = "/api/v1/hosts", tag = "hosts", request_body = AddHost,
    responses((status = 201, description = "How it joins", body = Envelope<Enrolment>), Failures, BodyFailures))]
pub async fn add_host(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    JsonBody(host): JsonBody<AddHost>,
) -> Result<(StatusCode, Answer<Enrolment>), ApiError> {
    Ok((StatusCode::CREATED, Answer::item("OK", state.services.hosts().add(&caller, host).await?)))
}
