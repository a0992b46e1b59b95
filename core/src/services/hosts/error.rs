//! Why a use case of hosts failed. After an error nothing has changed.

use domain::{access::LacksRole, confirm::NotConfirmed};

use crate::services::AccountLimit;

#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// Also for one that the caller is not allowed to see: its existence stays hidden.
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
    #[error(transparent)]
    NotConfirmed(#[from] NotConfirmed),
    #[error("something went wrong on our side")]
    Internal(#[from] anyhow::Error),
}

impl From<sqlx::Error> for HostError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}
