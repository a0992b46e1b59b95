//! Why a use case of hosts failed. After an error nothing has changed.

use domain::{
    access::LacksRole,
    confirm::NotConfirmed,
    problem::{Extra, Problem, ProblemKind, UseCaseError},
};

use crate::services::{AccountLimit, open_streams::RETRY_STREAM_AFTER};

#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// Also returned for a host or deployment that the caller is not allowed to see, so that its existence stays hidden.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    #[error("your role may not do this")]
    Forbidden,
    #[error(transparent)]
    LacksRole(#[from] LacksRole),
    #[error("a host needs a name of 1 to {MAX_NAME_CHARACTERS} characters, in one line", MAX_NAME_CHARACTERS = super::MAX_NAME_CHARACTERS)]
    NameInvalid,
    #[error("{0}")]
    LimitReached(#[from] AccountLimit),
    #[error(
        "the host has live deployments: remove those first, or remove it by force and leave what runs there as it is"
    )]
    HasDeployments,
    #[error("no agent has joined from this host yet: there is no token to change")]
    NoAgent,
    #[error("too many pages listen at once: close some")]
    TooManyStreams,
    #[error(transparent)]
    NotConfirmed(#[from] NotConfirmed),
    #[error("something went wrong on our side")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for HostError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound(what) => Problem::new(ProblemKind::NotFound, "not-found", self).missing(what),
            Self::Forbidden => Problem::forbidden(),
            Self::LacksRole(lacks) => lacks.problem(),
            Self::NameInvalid => {
                Problem::new(ProblemKind::NameInvalid, "name-invalid", self).about_field("name")
            }
            Self::LimitReached(limit) => limit.problem(),
            Self::HasDeployments => Problem::conflict("host-has-deployments", self),
            Self::NoAgent => Problem::conflict("host-without-agent", self),
            Self::TooManyStreams => Problem::new(ProblemKind::TooManyStreams, "too-many-streams", self)
                .with(Extra::RetryAfter(RETRY_STREAM_AFTER)),
            Self::NotConfirmed(error) => error.problem(),
            Self::Internal(_) => Problem::internal(),
        }
    }
}

impl From<sqlx::Error> for HostError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}
