use axum::extract::State;
use domain::{
    agreement::{Agreement, SaveAgreement},
    api::Envelope,
};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody, PathId},
    state::AppState,
};

/// Changes an agreement. A changed text is the next version, which has to be accepted again.
#[utoipa::path(put, path = "/admin/agreement/{id}", tag = "administration", params(("id" = i32, Path)), request_body = SaveAgreement,
    responses((status = 200, description = "The agreement", body = Envelope<Agreement>), Failures, BodyFailures))]
pub async fn update_agreement(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    JsonBody(body): JsonBody<SaveAgreement>,
) -> Result<Answer<Agreement>, ApiError> {
    Ok(Answer::item("success", state.services.agreements().update(&caller, id, &body).await?))
}
