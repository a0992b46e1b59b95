//! How calls fail, for the OpenAPI document. What is really answered is in [`super::ApiError`].

use domain::api::ErrorBody;
use utoipa::IntoResponses;

/// Of every route that asks who is there.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by the derive only: it becomes part of the OpenAPI document")]
pub enum Failures {
    #[response(status = 400, description = "The request is not right; `code`, and where it applies `errors`, `line` and `column`, say how")]
    Invalid(ErrorBody),
    #[response(status = 401, description = "No bearer, or one that is unknown, expired or revoked")]
    Unauthenticated(ErrorBody),
    #[response(status = 403, description = "The caller's role does not allow this")]
    Forbidden(ErrorBody),
    #[response(status = 404, description = "There is no such thing, or it belongs to somebody else")]
    NotFound(ErrorBody),
    #[response(status = 429, description = "Too many unknown bearers from this address")]
    TooManyAttempts(ErrorBody),
    #[response(status = 503, description = "The sign-in provider does not answer, or the request took too long")]
    Unavailable(ErrorBody),
}

/// Of routes that take a body and change something, beside [`Failures`].
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by the derive only: it becomes part of the OpenAPI document")]
pub enum WriteFailures {
    #[response(status = 409, description = "The version in the body is not the current one, or the state of the thing does not allow this")]
    Conflict(ErrorBody),
    #[response(status = 412, description = "The version in If-Match is not the current one")]
    PreconditionFailed(ErrorBody),
    #[response(status = 413, description = "The body is larger than this route takes")]
    TooLarge(ErrorBody),
    #[response(status = 415, description = "The body is not called JSON")]
    UnsupportedMediaType(ErrorBody),
    #[response(status = 422, description = "An edit was refused; nothing was changed")]
    Refused(ErrorBody),
}
