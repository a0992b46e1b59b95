//! Why a use case of ratings failed. After an error nothing has changed.

use domain::{
    api::FieldError,
    problem::{Extra, Problem, ProblemKind, UseCaseError},
};

#[derive(Debug, thiserror::Error)]
pub enum RatingError {
    /// There is no such rating or product, or the rating is hidden or belongs to someone else.
    #[error("not found")]
    NotFound,
    #[error("your role or the scope of your credentials does not allow this")]
    Forbidden,
    #[error("some values are invalid")]
    Invalid { errors: Vec<FieldError> },
    /// Existing clients compare the text.
    #[error("already rated")]
    AlreadyRated,
    #[error("something failed on the server")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for RatingError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found().missing("rating"),
            Self::Forbidden => Problem::new(ProblemKind::Forbidden, "forbidden", self),
            Self::Invalid { errors } => {
                Problem::new(ProblemKind::Invalid, "invalid", self).with_fields(errors.clone())
            }
            Self::AlreadyRated => Problem::new(ProblemKind::Declined, "already-rated", self)
                .with(Extra::PageMessage("you have rated this already".to_owned())),
            Self::Internal(_) => Problem::internal(),
        }
    }
}

impl From<sqlx::Error> for RatingError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}
