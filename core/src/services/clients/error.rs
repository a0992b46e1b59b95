//! Why a use case of API clients failed. After an error nothing has changed.

use domain::{api::FieldError, confirm::NotConfirmed};

#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Also for one that the caller is not allowed to see: its existence stays hidden.
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
    #[error("some values are not right")]
    Invalid { errors: Vec<FieldError> },
    #[error(transparent)]
    NotConfirmed(#[from] NotConfirmed),
    #[error("something went wrong on our side")]
    Internal(#[from] anyhow::Error),
}

impl From<sqlx::Error> for ClientError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}
