use axum::extract::State;
use domain::{agreement::Agreement, api::Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// An agreement with its newest text.
#[utoipa::path(get, path = "/admin/agreement/{id}", tag = "administration", params(("id" = i32, Path)),
    responses((status = 200, description = "The agreement", body = Envelope<Agreement>), Failures))]
pub async fn get_any_agreement(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<Agreement>, ApiError> {
    Ok(Answer::item("OK", state.services.agreements().get_any(&caller, id).await?))
}
