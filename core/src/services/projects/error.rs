//! Why a use case of projects failed. After an error nothing has changed.

use domain::{
    access::LacksRole,
    api::{FieldError, ProjectDraft},
    compose::Position,
    confirm::NotConfirmed,
    problem::{Extra, Problem, ProblemKind, UseCaseError},
    stack::Refusal,
};

use crate::services::{AccountLimit, open_streams::TooManyStreams};

/// The same limit as for `custom_stack_code` of the project form, so that every name fits into a form.
pub const MAX_NAME_CHARACTERS: usize = 50;

#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// Also returned for a project that the caller is not allowed to see, so that its existence stays hidden.
    #[error("project not found")]
    NotFound,
    #[error("your role does not allow this")]
    Forbidden,
    #[error(transparent)]
    LacksRole(#[from] LacksRole),
    #[error("{0}")]
    NameInvalid(NameProblem),
    #[error("the request is not a valid project: {}", summary(errors))]
    Invalid { errors: Vec<FieldError> },
    /// The text is not valid YAML. Nothing was stored.
    #[error("{message}")]
    Unreadable { message: String, position: Option<Position> },
    #[error("{0}")]
    Refused(Refusal),
    #[error("the project was changed in the meantime: its version is now {}", current.version)]
    VersionConflict { current: Box<ProjectDraft> },
    #[error("the {what} has {actual} bytes; the limit is {limit}")]
    TooLarge { what: &'static str, limit: usize, actual: usize },
    #[error("the project has live deployments: remove them first")]
    HasDeployments,
    #[error("{0}")]
    LimitReached(#[from] AccountLimit),
    #[error(transparent)]
    NotConfirmed(#[from] NotConfirmed),
    #[error(transparent)]
    TooManyStreams(#[from] TooManyStreams),
    #[error("something failed on the server")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for ProjectError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found(),
            Self::Forbidden => Problem::forbidden(),
            Self::LacksRole(lacks) => lacks.problem(),
            Self::NameInvalid(_) => {
                Problem::new(ProblemKind::NameInvalid, "name-invalid", self).about_field("name")
            }
            Self::Invalid { errors } => {
                Problem::new(ProblemKind::Invalid, "invalid", self).with_fields(errors.clone())
            }
            Self::Unreadable { position, .. } => {
                Problem::new(ProblemKind::Unreadable, "unreadable-compose", self).at(*position)
            }
            Self::Refused(refusal) => {
                let problem =
                    Problem::new(ProblemKind::EditRefused, refusal.code.clone(), self).at(refusal.position);
                match &refusal.question {
                    Some(question) => problem.with(Extra::Question(question.clone())),
                    None => problem,
                }
            }
            Self::VersionConflict { current } => {
                Problem::new(ProblemKind::VersionConflict, "version-conflict", self)
                    .with(Extra::Current(current.clone()))
            }
            Self::TooLarge { .. } => Problem::new(ProblemKind::TooLarge, "too-large", self),
            Self::HasDeployments => {
                Problem::new(ProblemKind::HasDeployments, "project-has-deployments", self)
            }
            Self::LimitReached(limit) => limit.problem(),
            Self::NotConfirmed(error) => error.problem(),
            Self::TooManyStreams(error) => error.problem(),
            Self::Internal(_) => Problem::internal(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameProblem {
    #[error("a project needs a name")]
    Empty,
    #[error("a project name can have up to {MAX_NAME_CHARACTERS} characters")]
    TooLong,
    #[error("a project name is one line of text without control characters")]
    ControlCharacter,
}

impl From<Refusal> for ProjectError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

fn summary(errors: &[FieldError]) -> String {
    match errors {
        [] => "it is empty".to_owned(),
        [only] => format!("{}: {}", only.field, only.message),
        [first, rest @ ..] => format!("{}: {} (and {} more)", first.field, first.message, rest.len()),
    }
}
