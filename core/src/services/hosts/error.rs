//! Why a use case of hosts failed. After an error nothing has changed.

use domain::{
    access::LacksRole,
    confirm::NotConfirmed,
    problem::{Problem, ProblemKind, UseCaseError},
};

use crate::services::{AccountLimit, open_streams::TooManyStreams};

#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// Also returned for a host or deployment that the caller is not allowed to see, so that its existence stays hidden.
    #[error("{0} not found")]
    NotFound(&'static str),
    #[error("your role does not allow this")]
    Forbidden,
    #[error(transparent)]
    LacksRole(#[from] LacksRole),
    #[error("a host name has 1 to {MAX_NAME_CHARACTERS} characters on one line", MAX_NAME_CHARACTERS = super::MAX_NAME_CHARACTERS)]
    NameInvalid,
    #[error("{0}")]
    LimitReached(#[from] AccountLimit),
    #[error(
        "the host has live deployments: remove them first, or revoke the host by force and leave its containers running"
    )]
    HasDeployments,
    #[error("no agent has joined from this host yet, so there is no token to rotate")]
    NoAgent,
    #[error(transparent)]
    TooManyStreams(#[from] TooManyStreams),
    #[error(transparent)]
    NotConfirmed(#[from] NotConfirmed),
    #[error("something failed on the server")]
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
            Self::TooManyStreams(error) => error.problem(),
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
