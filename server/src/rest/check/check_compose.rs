use domain::{
    access::{Action, Resource, may},
    api::{CheckCompose, CheckMeta, Envelope},
    check::{Finding, report},
    stack::Stack,
};
use stacker::services::check_settings;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody},
};

/// Checks a compose file and returns the findings.
#[utoipa::path(post, path = "/check", tag = "check", request_body = CheckCompose,
    responses((status = 200, description = "`list` holds the findings, in the order of the text; `meta.suppressed` holds what comments and settings switched off",
        body = Envelope<Finding, CheckMeta>), Failures, BodyFailures))]
pub async fn check_compose(
    Authenticated(caller): Authenticated,
    JsonBody(body): JsonBody<CheckCompose>,
) -> Result<Answer<Finding, CheckMeta>, ApiError> {
    if !may(&caller, Resource::Check, Action::Read) {
        return Err(ApiError::forbidden());
    }
    let checks = body.checks.unwrap_or_default();
    check_settings(&checks)?;
    // Up to a megabyte of text: not on a thread that others wait for.
    let report = tokio::task::spawn_blocking(move || report(&Stack::read(&body.compose), &checks)).await;
    let report = report.map_err(|error| ApiError::internal(&error))?;
    Ok(Answer::list("OK", report.findings).meta(CheckMeta { suppressed: report.suppressed }))
}
