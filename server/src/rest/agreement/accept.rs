use axum::extract::State;
use domain::{
    agreement::{AcceptAgreement, UserAgreement},
    api::{Envelope, ErrorBody},
};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody},
    state::AppState,
};

/// Accepts the newest text of an agreement, once: a second time is answered with 400 `already signed`. Send the `version` that you
/// have read, so that no other text is accepted.
#[utoipa::path(post, path = "/agreement", tag = "agreements", request_body = AcceptAgreement,
    responses((status = 200, description = "What you accepted, and when", body = Envelope<UserAgreement>),
        (status = 409, description = "`version` is not the newest one; nothing was accepted", body = ErrorBody),
        Failures, BodyFailures))]
pub async fn accept_agreement(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    JsonBody(body): JsonBody<AcceptAgreement>,
) -> Result<Answer<UserAgreement>, ApiError> {
    Ok(Answer::item("success", state.services.agreements().accept(&caller, body).await?))
}
