use axum::extract::State;
use domain::api::{AddHost, Envelope, Host};
use uuid::Uuid;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody, PathPart},
    state::AppState,
};

/// Renames a host.
#[utoipa::path(patch, path = "/api/v1/hosts/{id}", tag = "hosts", params(("id" = Uuid, Path)), request_body = AddHost,
    responses((status = 200, description = "The host", body = Envelope<Host>), Failures, BodyFailures))]
pub async fn rename_host(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(id): PathPart<Uuid>,
    JsonBody(host): JsonBody<AddHost>,
) -> Result<Answer<Host>, ApiError> {
    Ok(Answer::item("OK", state.services.hosts().rename(&caller, id, &host.name).await?))
}
