use axum::extract::State;
use domain::{agreement::UserAgreement, api::Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// That you accepted the newest text of an agreement; 404 if you did not.
#[utoipa::path(get, path = "/agreement/accepted/{id}", tag = "agreements", params(("id" = i32, Path, description = "The id of the agreement")),
    responses((status = 200, description = "What you accepted, and when", body = Envelope<UserAgreement>), Failures))]
pub async fn get_acceptance(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<UserAgreement>, ApiError> {
    Ok(Answer::item("OK", state.services.agreements().accepted(&caller, id).await?))
}
