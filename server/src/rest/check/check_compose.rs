use domain::{
    access::{Action, Resource, may},
    api::{CheckCompose, Envelope},
    check::{Finding, check},
    stack::Stack,
};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody},
};

/// Checks a compose file and returns the findings.
#[utoipa::path(post, path = "/check", tag = "check", request_body = CheckCompose,
    responses((status = 200, description = "`list` holds the findings, in the order of the text", body = Envelope<Finding>), Failures, BodyFailures))]
pub async fn check_compose(
    Authenticated(caller): Authenticated,
    JsonBody(body): JsonBody<CheckCompose>,
) -> Result<Answer<Finding>, ApiError> {
    if !may(&caller, Resource::Check, Action::Read) {
        return Err(ApiError::forbidden());
    }
    // Up to a megabyte of text: not on a thread that others wait for.
    let findings = tokio::task::spawn_blocking(move || check(&Stack::read(&body.compose))).await;
    findings.map(|findings| Answer::list("OK", findings)).map_err(|error| ApiError::internal(&error))
}
