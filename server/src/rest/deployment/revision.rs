use axum::extract::State;
use domain::api::{Envelope, Revision};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// One revision, with its compose file.
#[utoipa::path(get, path = "/api/v1/deployments/{deployment_hash}/revisions/{number}", tag = "deployments",
    params(("deployment_hash" = String, Path), ("number" = i32, Path)),
    responses((status = 200, description = "The revision", body = Envelope<Revision>), Failures))]
pub async fn get_revision(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart((hash, number)): PathPart<(String, i32)>,
) -> Result<Answer<Revision>, ApiError> {
    Ok(Answer::item("OK", state.services.deployments().revision(&caller, &hash, number).await?))
}
