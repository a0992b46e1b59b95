//! Why a use case of clouds and servers failed. After an error nothing has changed.

use domain::{
    access::LacksRole,
    api::FieldError,
    confirm::NotConfirmed,
    problem::{Problem, ProblemKind, UseCaseError},
};

#[derive(Debug, thiserror::Error)]
pub enum CloudError {
    /// Also returned for what the caller is not allowed to see, so that its existence stays hidden.
    #[error("{0} not found")]
    NotFound(&'static str),
    #[error("your role or the scope of your credentials does not allow this")]
    Forbidden,
    #[error(transparent)]
    LacksRole(#[from] LacksRole),
    #[error("you have {limit} clouds, which is the limit: delete one you no longer need")]
    TooMany { limit: i64 },
    #[error("some values are invalid")]
    Invalid { errors: Vec<FieldError> },
    #[error("no secrets are stored with this cloud, so there is nothing to check")]
    NothingToCheck,
    #[error("what the provider offers is not known: {0}")]
    NoOffers(String),
    #[error(transparent)]
    NotConfirmed(#[from] NotConfirmed),
    #[error("something failed on the server")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for CloudError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound(what) => Problem::new(ProblemKind::NotFound, "not-found", self).missing(what),
            Self::Forbidden => Problem::new(ProblemKind::Forbidden, "forbidden", self),
            Self::LacksRole(lacks) => lacks.problem(),
            Self::TooMany { .. } => Problem::new(ProblemKind::TooManyKept, "too-many-clouds", self),
            Self::Invalid { errors } => {
                Problem::new(ProblemKind::Invalid, "invalid-body", self).with_fields(errors.clone())
            }
            Self::NothingToCheck => Problem::conflict("cloud-without-secrets", self),
            Self::NoOffers(_) => Problem::conflict("no-offers", self),
            Self::NotConfirmed(error) => error.problem(),
            Self::Internal(_) => Problem::internal(),
        }
    }
}

impl From<sqlx::Error> for CloudError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}
