//! The response of a failed call: a status, the envelope with a stable `code`, and the headers that belong to it.
//!
//! Text for the client and text for the log are separate. The log line is written here, once, when an error becomes a response.

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    api::ErrorBody,
    compose::Position,
    problem::{Extra, Problem, ProblemKind, UseCaseError},
};

use super::answer::etag;

#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    body: Box<ErrorBody>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl ApiError {
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        let body = ErrorBody { message: message.into(), code: code.to_owned(), ..ErrorBody::default() };
        Self { status, body: Box::new(body), headers: Vec::new() }
    }

    pub fn bad_request(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub fn not_found() -> Self {
        Self::of(Problem::not_found())
    }

    pub fn forbidden() -> Self {
        Self::of(Problem::forbidden())
    }

    /// The request has no credentials.
    pub fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            "send a bearer token: `Authorization: Bearer <token>`",
        )
        .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"stacker\""))
    }

    /// The caller sent credentials that do not hold.
    pub fn bad_credentials() -> Self {
        Self::of(Problem::bad_credentials())
    }

    /// The cause goes to the log; the client learns the request id from the header and nothing else.
    pub fn internal(cause: &dyn std::fmt::Debug) -> Self {
        tracing::error!(error = ?cause, "request failed inside");
        Self::of(Problem::internal())
    }

    /// The response to a failed use case: each kind of problem has one status.
    fn of(problem: Problem) -> Self {
        let status = match problem.kind {
            ProblemKind::Invalid
            | ProblemKind::NameInvalid
            | ProblemKind::Unreadable
            | ProblemKind::Declined
            | ProblemKind::TooManyKept => StatusCode::BAD_REQUEST,
            ProblemKind::BadCredentials => StatusCode::UNAUTHORIZED,
            ProblemKind::Forbidden
            | ProblemKind::LacksRole
            | ProblemKind::LimitReached
            | ProblemKind::AgreementRequired
            | ProblemKind::CodeInvalid
            | ProblemKind::NotEntitled => StatusCode::FORBIDDEN,
            ProblemKind::NotFound | ProblemKind::RoleUnknown => StatusCode::NOT_FOUND,
            ProblemKind::Conflict
            | ProblemKind::VersionConflict
            | ProblemKind::HasDeployments
            | ProblemKind::TooManyWaiting => StatusCode::CONFLICT,
            ProblemKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ProblemKind::EditRefused | ProblemKind::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
            ProblemKind::TooManyStreams => StatusCode::TOO_MANY_REQUESTS,
            ProblemKind::UpstreamRefused => StatusCode::UNAUTHORIZED,
            ProblemKind::UpstreamBusy => StatusCode::TOO_MANY_REQUESTS,
            ProblemKind::UpstreamUnreadable => StatusCode::BAD_GATEWAY,
            ProblemKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            ProblemKind::NoAnswer => StatusCode::GATEWAY_TIMEOUT,
            ProblemKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let header = header_of(&problem);
        let Problem { code, message, fields, place, extra, .. } = problem;
        let mut body = ErrorBody { message, code: code.into_owned(), errors: fields, ..ErrorBody::default() };
        match extra {
            Some(Extra::Question(question)) => body.question = Some(question),
            Some(Extra::Agreement(id)) => body.id = Some(id),
            _ => {}
        }
        if let Some(Position { line, column }) = place {
            (body.line, body.column) = (Some(line), Some(column));
        }
        Self { status, body: Box::new(body), headers: header.into_iter().collect() }
    }

    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Line and column, counted from 1.
    pub fn at(mut self, line: usize, column: usize) -> Self {
        self.body.line = Some(line);
        self.body.column = Some(column);
        self
    }

    /// Seconds to wait.
    pub fn retry_after(mut self, wait: u32) -> Self {
        self.body.retry_after = Some(wait);
        self
    }

    /// The same response with a more specific reason.
    pub fn saying(mut self, code: &str, message: impl Into<String>) -> Self {
        self.body.code = code.to_owned();
        self.body.message = message.into();
        self
    }

    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    pub fn code(&self) -> &str {
        &self.body.code
    }

    pub fn message(&self) -> &str {
        &self.body.message
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(&*self.body)).into_response();
        response.headers_mut().extend(self.headers);
        response
    }
}

/// Here the error becomes a response, so the cause is logged here, once.
impl<E: UseCaseError> From<E> for ApiError {
    fn from(error: E) -> Self {
        let problem = error.problem();
        if problem.kind == ProblemKind::Internal {
            return Self::internal(&error);
        }
        Self::of(problem)
    }
}

/// The header that tells a client how to go on.
fn header_of(problem: &Problem) -> Option<(HeaderName, HeaderValue)> {
    match (problem.kind, &problem.extra) {
        (ProblemKind::BadCredentials, _) => {
            let challenge = HeaderValue::from_static("Bearer realm=\"stacker\", error=\"invalid_token\"");
            Some((header::WWW_AUTHENTICATE, challenge))
        }
        (_, Some(Extra::Current(draft))) => {
            Some((header::ETAG, etag(draft.version).unwrap_or(HeaderValue::from_static("*"))))
        }
        (_, Some(Extra::RetryAfter(seconds))) => Some((header::RETRY_AFTER, (*seconds).into())),
        (
            _,
            Some(Extra::Missing(_) | Extra::Agreement(_) | Extra::Question(_) | Extra::PageMessage(_)) | None,
        ) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Failed(Problem);

    impl UseCaseError for Failed {
        fn problem(&self) -> Problem {
            self.0.clone()
        }
    }

    fn answer(problem: Problem) -> Response {
        ApiError::from(Failed(problem)).into_response()
    }

    #[test]
    fn a_problem_brings_the_header_that_says_how_to_go_on() {
        let response = answer(Problem::bad_credentials());
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert!(response.headers()[header::WWW_AUTHENTICATE].to_str().unwrap().contains("invalid_token"));

        let streams = Problem::new(ProblemKind::TooManyStreams, "too-many-streams", "too many");
        let response = answer(streams.with(Extra::RetryAfter(30)));
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[header::RETRY_AFTER], "30");
    }

    #[test]
    fn a_problem_keeps_its_code_its_text_and_its_place() {
        let problem = Problem::new(ProblemKind::Unreadable, "unreadable-compose", "a tab")
            .at(Some(Position { line: 2, column: 1 }));
        let error = ApiError::from(Failed(problem));
        assert_eq!((error.code(), error.message()), ("unreadable-compose", "a tab"));
        assert_eq!((error.body.line, error.body.column), (Some(2), Some(1)));
    }
}
