//! How calls fail, for the OpenAPI document. The real responses are made by [`super::ApiError`].

use domain::api::ErrorBody;
use utoipa::IntoResponses;

/// Of every route that authenticates.
#[derive(IntoResponses)]
pub enum Failures {
    #[response(
        status = 400,
        description = "The request is invalid; `code` and, where they apply, `errors`, `line` and `column` say why"
    )]
    Invalid(ErrorBody),
    #[response(status = 401, description = "No bearer token, or one that is unknown, expired or revoked")]
    Unauthenticated(ErrorBody),
    #[response(status = 403, description = "The caller's role does not allow this")]
    Forbidden(ErrorBody),
    #[response(status = 404, description = "Not found, or it belongs to someone else")]
    NotFound(ErrorBody),
    #[response(
        status = 429,
        description = "Too many requests or unknown bearer tokens in a short time; `retry_after` and Retry-After say how long to wait"
    )]
    TooManyAttempts(ErrorBody),
    #[response(
        status = 503,
        description = "The sign-in provider does not answer, or the request took too long"
    )]
    Unavailable(ErrorBody),
}

/// Of routes with a body, in addition to [`Failures`].
#[derive(IntoResponses)]
pub enum BodyFailures {
    #[response(
        status = 413,
        description = "The body, or the compose file in it, is larger than the limit of this route"
    )]
    TooLarge(ErrorBody),
    #[response(status = 415, description = "The Content-Type of the body is not JSON")]
    UnsupportedMediaType(ErrorBody),
}

/// Of routes that change something, in addition to the others.
#[derive(IntoResponses)]
pub enum ChangeFailures {
    #[response(status = 409, description = "The version in the body is not the current one")]
    Conflict(ErrorBody),
    #[response(status = 412, description = "The version in If-Match is not the current one")]
    PreconditionFailed(ErrorBody),
    #[response(status = 422, description = "An edit was refused; nothing was changed")]
    Refused(ErrorBody),
}
