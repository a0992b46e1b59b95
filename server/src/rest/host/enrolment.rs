use axum::{extract::State, http::StatusCode};
use domain::api::{Enrolment, Envelope};
use uuid::Uuid;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// Creates a new code for a host that did not join in time, or joins again. Earlier codes become invalid.
#[utoipa::path(post, path = "/api/v1/hosts/{id}/enrolment", tag = "hosts", params(("id" = Uuid, Path)),
    responses((status = 201, description = "How it joins", body = Envelope<Enrolment>), Failures))]
pub async fn enrol_host(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(id): PathPart<Uuid>,
) -> Result<(StatusCode, Answer<Enrolment>), ApiError> {
    Ok((StatusCode::CREATED, Answer::item("OK", state.services.hosts().enrol(&caller, id).await?)))
}
