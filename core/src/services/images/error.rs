//! Why a use case of images failed. No text holds what a registry wrote.

use std::time::Duration;

use domain::{
    access::LacksRole,
    api::FieldError,
    problem::{Extra, Problem, ProblemKind, UseCaseError},
};

use crate::connectors::{docker_hub::BrowseError, registry::LookUpError};

#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// Also returned for what the caller is not allowed to see, so that its existence stays hidden.
    #[error("{0} not found")]
    NotFound(&'static str),
    #[error("your role or the scope of your credentials does not allow this")]
    Forbidden,
    #[error(transparent)]
    LacksRole(#[from] LacksRole),
    #[error("some values are invalid")]
    Invalid { errors: Vec<FieldError> },
    #[error(
        "you have credentials for {limit} registries, which is the limit: delete some you no longer need"
    )]
    TooMany { limit: i64 },
    #[error("there are credentials for this registry already: change those")]
    AlreadyThere,
    #[error("{0}")]
    Browse(BrowseError),
    #[error("{0}")]
    LookUp(LookUpError),
    #[error("something failed on the server")]
    Internal(#[from] anyhow::Error),
}

impl ImageError {
    pub(super) fn about(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid { errors: vec![FieldError { field: field.to_owned(), message: message.into() }] }
    }
}

impl UseCaseError for ImageError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound(what) => Problem::new(ProblemKind::NotFound, "not-found", self).missing(what),
            Self::Forbidden => Problem::new(ProblemKind::Forbidden, "forbidden", self),
            Self::LacksRole(lacks) => lacks.problem(),
            Self::Invalid { errors } => {
                Problem::new(ProblemKind::Invalid, "invalid-body", self).with_fields(errors.clone())
            }
            Self::TooMany { .. } => Problem::new(ProblemKind::TooManyKept, "too-many-registries", self),
            Self::AlreadyThere => Problem::conflict("registry-exists", self),
            Self::Browse(error) => self.of_browsing(*error),
            Self::LookUp(error) => self.of_looking_up(error),
            Self::Internal(_) => Problem::internal(),
        }
    }
}

impl ImageError {
    fn of_browsing(&self, error: BrowseError) -> Problem {
        match error {
            BrowseError::Off => self.off(),
            BrowseError::Unauthorized => Problem::new(ProblemKind::UpstreamRefused, "registry-refused", self),
            BrowseError::NotFound => {
                Problem::new(ProblemKind::NotFound, "not-found", self).missing("repository")
            }
            BrowseError::RateLimited { retry_after } => self.busy(retry_after),
            BrowseError::Unavailable => self.unavailable(),
            BrowseError::UnexpectedStatus { .. } | BrowseError::InvalidAnswer => self.unreadable(),
        }
    }

    fn of_looking_up(&self, error: &LookUpError) -> Problem {
        match error {
            LookUpError::Off => self.off(),
            LookUpError::CertainlyMissing | LookUpError::NotReadable => {
                Problem::new(ProblemKind::NotFound, "not-found", self).missing("image")
            }
            LookUpError::RateLimited { retry_after } => self.busy(Some(*retry_after)),
            LookUpError::Unreachable(_) | LookUpError::TimedOut => self.unavailable(),
            LookUpError::NotAllowed(_) | LookUpError::Invalid(_) => self.unreadable(),
        }
    }

    fn off(&self) -> Problem {
        Problem::new(ProblemKind::Unavailable, "registry-off", self)
    }

    fn unavailable(&self) -> Problem {
        Problem::new(ProblemKind::Unavailable, "registry-unavailable", self)
    }

    fn unreadable(&self) -> Problem {
        Problem::new(ProblemKind::UpstreamUnreadable, "registry-answer-unusable", self)
    }

    fn busy(&self, retry_after: Option<Duration>) -> Problem {
        let problem = Problem::new(ProblemKind::UpstreamBusy, "registry-rate-limited", self);
        match retry_after.and_then(|wait| u32::try_from(wait.as_secs()).ok()) {
            Some(seconds) => problem.with(Extra::RetryAfter(seconds.max(1))),
            None => problem,
        }
    }
}

impl From<BrowseError> for ImageError {
    fn from(error: BrowseError) -> Self {
        Self::Browse(error)
    }
}

impl From<LookUpError> for ImageError {
    fn from(error: LookUpError) -> Self {
        Self::LookUp(error)
    }
}

impl From<sqlx::Error> for ImageError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}
