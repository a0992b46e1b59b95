use axum::extract::State;
use domain::api::{Envelope, Sharing};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// The members of a project and their roles; its owner also sees open invitations.
#[utoipa::path(get, path = "/project/{id}/members", tag = "sharing", params(("id" = i32, Path)),
    responses((status = 200, description = "The members", body = Envelope<Sharing>), Failures))]
pub async fn list_members(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<Sharing>, ApiError> {
    Ok(Answer::item("OK", state.services.projects().sharing(&caller, id).await?))
}
