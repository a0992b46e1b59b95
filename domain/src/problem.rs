//! What a client is told when a use case fails: one description for all transports.
//!
//! Each error of a use case says once which [`Problem`] it is ([`UseCaseError::problem`]). REST and agent routes turn the
//! [`ProblemKind`] into a status, server functions into an error that pages know; neither looks at the error itself.
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
//! | `CodeInvalid` | 403 | `NotNow` |
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
//! | `NoAnswer` | 504 | `NoAnswer` |
//! | `Internal` | 500 | `Internal` |

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

use crate::{
    access::LacksRole,
    api::{FieldError, ProjectDraft},
    compose::Position,
    confirm::NotConfirmed,
};

/// An error of a use case. `Debug` is for the log: it shows the cause, which the problem never does.
pub trait UseCaseError: fmt::Debug {
    fn problem(&self) -> Problem;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub kind: ProblemKind,
    /// Stable and kebab-case, for programs. Several kinds can share a code, and a kind can have several.
    pub code: Cow<'static, str>,
    /// For people: a clause that starts in lower case and has no full stop (a few old ones differ and stay).
    pub message: String,
    /// The values that are wrong, each with its own message. Empty when the problem is not about single values.
    pub fields: Vec<FieldError>,
    /// Where in the compose text, line and column counted from 1.
    pub place: Option<Position>,
    pub extra: Option<Extra>,
}

/// What a client can do about it. Two kinds with one REST status differ in what pages show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// Values of the request are wrong; `fields` lists them.
    Invalid,
    /// The name is wrong; `message` says how.
    NameInvalid,
    /// The compose text is not valid YAML.
    Unreadable,
    /// The request is understood and declined as things are; `message` says what would help. Existing clients expect 400; new
    /// use cases take [`Self::Conflict`].
    Declined,
    /// The account keeps as many of these as it is allowed to. As [`Self::LimitReached`], where existing clients expect 400.
    TooManyKept,
    /// A token, code or signature does not hold.
    BadCredentials,
    /// The caller's role or scope does not allow this.
    Forbidden,
    /// The caller is in the project, with too small a role.
    LacksRole,
    /// A limit of the account or of the project is reached; something has to go first.
    LimitReached,
    /// An invitation code that does not let the caller in.
    CodeInvalid,
    /// It does not exist, or belongs to somebody else.
    NotFound,
    /// No role is known for this user, so the rules cannot be asked about them.
    RoleUnknown,
    /// The state of the thing does not allow this now.
    Conflict,
    /// The write is based on another version than the current one ([`Extra::Current`]).
    VersionConflict,
    /// The project has live deployments.
    HasDeployments,
    /// As many wait as are allowed to. As [`Self::LimitReached`], where existing clients expect 409.
    TooManyWaiting,
    /// A text is larger than is stored.
    TooLarge,
    /// An edit was refused: it would have changed more than it says.
    EditRefused,
    /// The request is right, and what it is about cannot be processed.
    Unprocessable,
    /// Too many event streams are open ([`Extra::RetryAfter`]).
    TooManyStreams,
    /// The agent did not answer in time.
    NoAnswer,
    /// A failure of the server. The cause is in the log only.
    Internal,
}

/// What some clients use beside the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extra {
    /// What was not found, as a noun: `host`.
    Missing(String),
    /// The project as it is now: REST sends its version, pages show the difference.
    Current(Box<ProjectDraft>),
    /// Seconds to wait before the next attempt.
    RetryAfter(u32),
    /// What pages show instead of `message`, whose text API clients know.
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

    /// The short text, which does not say what was looked for.
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
            "something went wrong on our side; the log has it under this request's id",
        )
    }

    pub fn conflict(code: &'static str, message: impl fmt::Display) -> Self {
        Self::new(ProblemKind::Conflict, code, message)
    }

    /// One wrong value, whose message is that of the problem.
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

    /// What pages show.
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
