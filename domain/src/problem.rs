//! What a client is told when a use case fails: one description for all transports.
//!
//! Each use-case error states once which [`Problem`] it is ([`UseCaseError::problem`]). REST and agent routes map the
//! [`ProblemKind`] to a status, server functions map it to an error that pages know. Neither looks at the error
//! itself.
//!
//! | kind | REST | server function |
//! |---|---|---|
//! | `Invalid` | 400 | `Invalid`, with the fields |
//! | `NameInvalid` | 400 | `NameInvalid` |
//! | `Unreadable` | 400 | `Unreadable`, with the place |
//! | `Declined` | 400 | `NotNow` |
//! | `TooManyKept` | 400 | `LimitReached` |
//! | `BadCredentials` | 401 with `WWW-Authenticate` | `SignedOut` |
//! | `Forbidden` | 403 | `Forbidden` |
//! | `LacksRole` | 403 | `LacksRole` |
//! | `LimitReached` | 403 | `LimitReached` |
//! | `AgreementRequired` | 403 with the id of the agreement | `AgreementRequired` |
//! | `CodeInvalid` | 403 | `NotNow` |
//! | `NotEntitled` | 403 | `NotNow` |
//! | `NotFound` | 404 | `NoSuch` with what is missing, else `NotFound` |
//! | `RoleUnknown` | 404 | `NotNow` |
//! | `Conflict` | 409 | `NotNow` |
//! | `VersionConflict` | 409 with `ETag` | `VersionConflict`, with the current draft |
//! | `HasDeployments` | 409 | `HasDeployments` |
//! | `TooManyWaiting` | 409 | `LimitReached` |
//! | `TooLarge` | 413 | `TooLarge` |
//! | `EditRefused` | 422 | `Refused` |
//! | `Unprocessable` | 422 | `NotNow` |
//! | `TooManyStreams` | 429 with `Retry-After` | `NotNow` |
//! | `UpstreamRefused` | 401 | `NotNow` |
//! | `UpstreamBusy` | 429 with `Retry-After` | `NotNow` |
//! | `UpstreamUnreadable` | 502 | `NotNow` |
//! | `Unavailable` | 503 | `NotNow` |
//! | `NoAnswer` | 504 | `NoAnswer` |
//! | `Internal` | 500 | `Internal` |

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

use crate::{
    access::LacksRole,
    api::{FieldError, ProjectDraft},
    compose::Position,
    confirm::NotConfirmed,
    refusal::Question,
};

/// An error of a use case. `Debug` is for the log: it shows the cause, which the problem never contains.
pub trait UseCaseError: fmt::Debug {
    fn problem(&self) -> Problem;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub kind: ProblemKind,
    /// Stable and kebab-case, for programs. Several kinds can share a code, and a kind can have several.
    pub code: Cow<'static, str>,
    /// For people: a clause that starts in lower case and has no full stop. A few older messages differ and must not
    /// change.
    pub message: String,
    /// The wrong values, each with its own message. Empty if the problem is not about single values.
    pub fields: Vec<FieldError>,
    /// The line and column in the compose text, both counted from 1.
    pub place: Option<Position>,
    pub extra: Option<Extra>,
}

/// What a client can do about the problem. Two kinds with the same REST status differ in what pages show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// Values of the request are wrong; `fields` lists them.
    Invalid,
    /// The name is wrong; `message` says how.
    NameInvalid,
    /// The compose text is not valid YAML.
    Unreadable,
    /// The request is understood, but the current state does not allow it; `message` says what would help. Existing
    /// clients expect 400; new use cases must use [`Self::Conflict`].
    Declined,
    /// The account already has the maximum number of these. Like [`Self::LimitReached`], but existing clients expect
    /// 400.
    TooManyKept,
    /// A token, code or signature is not valid.
    BadCredentials,
    /// The caller's role or scope does not allow this.
    Forbidden,
    /// The caller is a member of the project, but the project role is too low.
    LacksRole,
    /// A limit of the account or of the project is reached. Something must be removed first.
    LimitReached,
    /// The caller has to accept an agreement first ([`Extra::Agreement`]).
    AgreementRequired,
    /// The invitation code does not admit the caller.
    CodeInvalid,
    /// The caller's plan does not include this, or the caller has not bought it.
    NotEntitled,
    /// It does not exist, or it belongs to another user.
    NotFound,
    /// No role is known for this user, so the casbin rules cannot be evaluated.
    RoleUnknown,
    /// The current state does not allow this.
    Conflict,
    /// The write is based on another version than the current one ([`Extra::Current`]).
    VersionConflict,
    /// The project has live deployments.
    HasDeployments,
    /// The maximum number of these is already waiting. Like [`Self::LimitReached`], but existing clients expect 409.
    TooManyWaiting,
    /// A text is too large to be stored.
    TooLarge,
    /// An edit was refused, because it would have changed more than it says.
    EditRefused,
    /// The request is valid, but what it refers to cannot be processed.
    Unprocessable,
    /// Too many event streams are open ([`Extra::RetryAfter`]).
    TooManyStreams,
    /// An external service refuses the credentials of this server. Existing clients expect 401.
    UpstreamRefused,
    /// An external service takes no more requests for a while ([`Extra::RetryAfter`], if it says how long).
    UpstreamBusy,
    /// An external service gave an answer that we cannot use.
    UpstreamUnreadable,
    /// An external service does not answer or is switched off.
    Unavailable,
    /// The agent did not answer in time.
    NoAnswer,
    /// A failure of the server. The cause is in the log only.
    Internal,
}

/// Values that some clients use in addition to the message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extra {
    /// What was not found, as a noun: `host`.
    Missing(String),
    /// The current project: REST sends its version, pages show the difference.
    Current(Box<ProjectDraft>),
    /// The id of the agreement to accept.
    Agreement(i32),
    /// Seconds to wait before the next attempt.
    RetryAfter(u32),
    /// What has to be decided before the edit is made, and the edits to choose from.
    Question(Box<Question>),
    /// The text that pages show instead of `message`, because API clients rely on `message`.
    PageMessage(String),
}

impl Problem {
    pub fn new(kind: ProblemKind, code: impl Into<Cow<'static, str>>, message: impl fmt::Display) -> Self {
        Self {
            kind,
            code: code.into(),
            message: message.to_string(),
            fields: Vec::new(),
            place: None,
            extra: None,
        }
    }

    /// The short text, which does not name what was not found.
    pub fn not_found() -> Self {
        Self::new(ProblemKind::NotFound, "not-found", "not found")
    }

    pub fn forbidden() -> Self {
        Self::new(ProblemKind::Forbidden, "forbidden", "your role does not allow this")
    }

    pub fn bad_credentials() -> Self {
        Self::new(
            ProblemKind::BadCredentials,
            "bad-credentials",
            "these credentials are unknown, expired or revoked",
        )
    }

    pub fn internal() -> Self {
        Self::new(
            ProblemKind::Internal,
            "internal",
            "something failed on the server; its log has the details under this request's id",
        )
    }

    pub fn conflict(code: &'static str, message: impl fmt::Display) -> Self {
        Self::new(ProblemKind::Conflict, code, message)
    }

    /// Adds one wrong field, with the message of the problem.
    pub fn about_field(mut self, field: &str) -> Self {
        self.fields = vec![FieldError { field: field.to_owned(), message: self.message.clone() }];
        self
    }

    pub fn with_fields(mut self, fields: Vec<FieldError>) -> Self {
        self.fields = fields;
        self
    }

    pub fn at(mut self, place: Option<Position>) -> Self {
        self.place = place;
        self
    }

    pub fn with(mut self, extra: Extra) -> Self {
        self.extra = Some(extra);
        self
    }

    pub fn missing(self, what: &str) -> Self {
        self.with(Extra::Missing(what.to_owned()))
    }

    /// The text that pages show.
    pub fn page_message(&self) -> &str {
        match &self.extra {
            Some(Extra::PageMessage(message)) => message,
            _ => &self.message,
        }
    }
}

impl UseCaseError for LacksRole {
    fn problem(&self) -> Problem {
        Problem::new(ProblemKind::LacksRole, "project-role", self)
    }
}

impl UseCaseError for NotConfirmed {
    fn problem(&self) -> Problem {
        Problem::new(ProblemKind::Declined, "not-confirmed", self).about_field(Self::FIELD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_value_carries_the_message_of_the_problem() {
        let problem = NotConfirmed::OtherName.problem();
        assert_eq!(problem.fields.len(), 1);
        assert_eq!(problem.fields[0].field, "confirm_name");
        assert_eq!(problem.fields[0].message, problem.message);
    }

    #[test]
    fn a_problem_survives_the_wire() {
        let problem = Problem::not_found().missing("host").at(Some(Position { line: 2, column: 1 }));
        let json = serde_json::to_string(&problem).unwrap();
        assert_eq!(serde_json::from_str::<Problem>(&json).unwrap(), problem);
    }

    #[test]
    fn pages_show_their_own_message_where_there_is_one() {
        let problem = Problem::conflict("command-ended", "Cannot cancel command with status 'failed'");
        assert_eq!(problem.page_message(), "Cannot cancel command with status 'failed'");
        let problem = problem.with(Extra::PageMessage("it has ended already".to_owned()));
        assert_eq!(problem.page_message(), "it has ended already");
    }
}
