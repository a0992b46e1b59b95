//! Why a use case of API clients failed. After an error nothing has changed.

use domain::{
    api::FieldError,
    confirm::NotConfirmed,
    problem::{Problem, ProblemKind, UseCaseError},
};

#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Also returned for a client that the caller is not allowed to see, so that its existence stays hidden.
    #[error("not found")]
    NotFound,
    #[error("your role or the scope of your credentials does not allow this")]
    Forbidden,
    #[error(
        "Too many clients created: {limit} is the limit (`max_clients_number`); delete one you no longer need"
    )]
    TooMany { limit: u32 },
    #[error("client is not active")]
    NotActive,
    #[error("client is already active")]
    AlreadyActive,
    #[error("some values are invalid")]
    Invalid { errors: Vec<FieldError> },
    #[error(transparent)]
    NotConfirmed(#[from] NotConfirmed),
    #[error("something failed on the server")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for ClientError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found().missing("client"),
            Self::Forbidden => Problem::new(ProblemKind::Forbidden, "forbidden", self),
            Self::TooMany { .. } => Problem::new(ProblemKind::TooManyKept, "too-many-clients", self),
            Self::NotActive => Problem::new(ProblemKind::Declined, "client-not-active", self),
            Self::AlreadyActive => Problem::new(ProblemKind::Declined, "client-already-active", self),
            Self::Invalid { errors } => {
                Problem::new(ProblemKind::Invalid, "invalid-body", self).with_fields(errors.clone())
            }
            Self::NotConfirmed(error) => error.problem(),
            Self::Internal(_) => Problem::internal(),
        }
    }
}

impl From<sqlx::Error> for ClientError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}
