use axum::extract::State;
use domain::api::Envelope;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// The compose file of any project.
#[utoipa::path(get, path = "/admin/project/{id}/compose", tag = "administration", params(("id" = i32, Path)),
    responses((status = 200, description = "`item` is the text", body = Envelope<String>), Failures))]
pub async fn get_any_compose(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<String>, ApiError> {
    let compose = state.services.projects().compose_of_any(&caller, id).await?;
    Ok(Answer::item("Success", compose).id(id))
}
