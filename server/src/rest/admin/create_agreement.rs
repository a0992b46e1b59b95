use axum::extract::State;
use domain::{
    agreement::{Agreement, SaveAgreement},
    api::Envelope,
};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody},
    state::AppState,
};

/// Adds an agreement. With `required`, only people who have accepted it may deploy.
#[utoipa::path(post, path = "/admin/agreement", tag = "administration", request_body = SaveAgreement,
    responses((status = 200, description = "The agreement", body = Envelope<Agreement>), Failures, BodyFailures))]
pub async fn create_agreement(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    JsonBody(body): JsonBody<SaveAgreement>,
) -> Result<Answer<Agreement>, ApiError> {
    Ok(Answer::item("success", state.services.agreements().create(&caller, &body).await?))
}
