//! Why a use case of agreements failed. After an error nothing has changed.

use domain::{
    api::FieldError,
    problem::{Extra, Problem, ProblemKind, UseCaseError},
};

#[derive(Debug, thiserror::Error)]
pub enum AgreementError {
    #[error("not found")]
    NotFound,
    #[error("your role or the scope of your credentials does not allow this")]
    Forbidden,
    #[error("some values are invalid")]
    Invalid { errors: Vec<FieldError> },
    /// Existing clients compare the text.
    #[error("already signed")]
    AlreadySigned,
    #[error("the text was changed in the meantime: its version is now {newest}, read that one first")]
    Changed { newest: i32 },
    #[error("something failed on the server")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for AgreementError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found().missing("agreement"),
            Self::Forbidden => Problem::new(ProblemKind::Forbidden, "forbidden", self),
            Self::Invalid { errors } => {
                Problem::new(ProblemKind::Invalid, "invalid", self).with_fields(errors.clone())
            }
            Self::AlreadySigned => Problem::new(ProblemKind::Declined, "already-signed", self)
                .with(Extra::PageMessage("you have accepted this already".to_owned())),
            Self::Changed { .. } => Problem::conflict("agreement-changed", self),
            Self::Internal(_) => Problem::internal(),
        }
    }
}

impl From<sqlx::Error> for AgreementError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}
