//! How the use cases of commands fail, over REST.

use axum::http::StatusCode;
use domain::api::FieldError;
use stacker::services::{CancelError, CreateError, ListError};

use crate::http::ApiError;

impl From<CreateError> for ApiError {
    fn from(error: CreateError) -> Self {
        let message = error.to_string();
        match error {
            CreateError::Forbidden => Self::forbidden(),
            CreateError::NotFound => Self::not_found(),
            CreateError::LacksRole(_) => Self::new(StatusCode::FORBIDDEN, "project-role", message),
            CreateError::TooManyOpen { .. } => {
                Self::new(StatusCode::CONFLICT, "too-many-open-commands", message)
            }
            CreateError::Invalid { field, .. } => {
                let errors = vec![FieldError { field: field.to_owned(), message: message.clone() }];
                Self::bad_request("invalid", message).with_errors(errors)
            }
            CreateError::Internal(cause) => Self::internal(&cause),
        }
    }
}

impl From<ListError> for ApiError {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Forbidden => Self::forbidden(),
            ListError::NotFound => Self::not_found(),
            ListError::Internal(cause) => Self::internal(&cause),
        }
    }
}

impl From<CancelError> for ApiError {
    fn from(error: CancelError) -> Self {
        let message = error.to_string();
        match error {
            CancelError::Forbidden => Self::forbidden(),
            CancelError::NotFound => Self::not_found(),
            CancelError::LacksRole(_) => Self::new(StatusCode::FORBIDDEN, "project-role", message),
            CancelError::Ended(_) => Self::bad_request("command-ended", message),
            CancelError::Internal(cause) => Self::internal(&cause),
        }
    }
}
