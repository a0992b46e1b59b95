//! Why a use case of callbacks failed. After an error nothing has changed.

use domain::{
    api::FieldError,
    confirm::NotConfirmed,
    problem::{Problem, ProblemKind, UseCaseError},
};

#[derive(Debug, thiserror::Error)]
pub enum CallbackError {
    /// Also returned for what the caller is not allowed to see, so that its existence stays hidden.
    #[error("{0} not found")]
    NotFound(&'static str),
    #[error("your role or the scope of your credentials does not allow this")]
    Forbidden,
    #[error("you have {limit} callbacks, which is the limit: delete one you no longer need")]
    TooMany { limit: u32 },
    #[error("some values are invalid")]
    Invalid { errors: Vec<FieldError> },
    #[error("this callback is disabled: enable it first")]
    Disabled,
    #[error(transparent)]
    NotConfirmed(#[from] NotConfirmed),
    #[error("something failed on the server")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for CallbackError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound(what) => Problem::new(ProblemKind::NotFound, "not-found", self).missing(what),
            Self::Forbidden => Problem::new(ProblemKind::Forbidden, "forbidden", self),
            Self::TooMany { .. } => Problem::new(ProblemKind::TooManyKept, "too-many-callbacks", self),
            Self::Invalid { errors } => {
                Problem::new(ProblemKind::Invalid, "invalid-body", self).with_fields(errors.clone())
            }
            Self::Disabled => Problem::conflict("callback-disabled", self),
            Self::NotConfirmed(error) => error.problem(),
            Self::Internal(_) => Problem::internal(),
        }
    }
}

impl From<sqlx::Error> for CallbackError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}
