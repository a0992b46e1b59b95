use axum::extract::State;
use domain::api::{Envelope, Host};
use uuid::Uuid;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// A host, and the state of its agent.
#[utoipa::path(get, path = "/api/v1/hosts/{id}", tag = "hosts", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The host", body = Envelope<Host>), Failures))]
pub async fn get_host(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(id): PathPart<Uuid>,
) -> Result<Answer<Host>, ApiError> {
    Ok(Answer::item("OK", state.services.hosts().get(&caller, id).await?))
}
