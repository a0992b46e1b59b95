use axum::extract::State;
use domain::{agreement::Agreement, api::Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// An agreement with its newest text, and when you accepted it.
#[utoipa::path(get, path = "/agreement/{id}", tag = "agreements", params(("id" = i32, Path)),
    responses((status = 200, description = "The agreement", body = Envelope<Agreement>), Failures))]
pub async fn get_agreement(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<Agreement>, ApiError> {
    Ok(Answer::item("OK", state.services.agreements().get(&caller, id).await?))
}
