//! How the use cases of agents fail, over REST. The texts are those that agents know.

use axum::http::StatusCode;
use domain::api::FieldError;
use stacker::services::{ObservedError, ProgressError, RegisterError, ReportError, WaitError};

use crate::http::ApiError;

fn not_authorized(message: String) -> ApiError {
    ApiError::new(StatusCode::FORBIDDEN, "other-deployment", message)
}

fn not_found(message: String) -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "not-found", message)
}

fn invalid(field: &str, message: String) -> ApiError {
    let errors = vec![FieldError { field: field.to_owned(), message: message.clone() }];
    ApiError::bad_request("invalid", message).with_errors(errors)
}

impl From<WaitError> for ApiError {
    fn from(error: WaitError) -> Self {
        match error {
            WaitError::OtherChannel => not_authorized(error.to_string()),
            WaitError::Revoked => Self::bad_credentials(),
        }
    }
}

impl From<ReportError> for ApiError {
    fn from(error: ReportError) -> Self {
        let message = error.to_string();
        match error {
            ReportError::OtherDeployment => not_authorized(message),
            ReportError::NotFound | ReportError::NotOfDeployment => not_found(message),
            ReportError::Status(_) => invalid("status", message),
            ReportError::Internal(cause) => Self::internal(&cause),
        }
    }
}

impl From<ProgressError> for ApiError {
    fn from(error: ProgressError) -> Self {
        let message = error.to_string();
        match error {
            ProgressError::NotFound | ProgressError::OtherDeployment => not_found(message),
            ProgressError::Invalid => invalid("seq", message),
            ProgressError::Internal(cause) => Self::internal(&cause),
        }
    }
}

impl From<ObservedError> for ApiError {
    fn from(error: ObservedError) -> Self {
        let message = error.to_string();
        match error {
            ObservedError::OtherDeployment | ObservedError::NotOfHost => not_authorized(message),
            ObservedError::Status => invalid("status", message),
            ObservedError::AppCode => invalid("app_code", message),
            ObservedError::NotFound => not_found(message),
            ObservedError::TooManyServices => Self::new(StatusCode::CONFLICT, "too-many-services", message),
            ObservedError::Internal(cause) => Self::internal(&cause),
        }
    }
}

impl From<RegisterError> for ApiError {
    fn from(error: RegisterError) -> Self {
        let message = error.to_string();
        match error {
            RegisterError::Invalid { field, .. } => invalid(field, message),
            RegisterError::NotFound => not_found(message),
            RegisterError::Code => Self::bad_credentials().saying("enrolment-code-invalid", message),
            RegisterError::Taken => Self::new(StatusCode::CONFLICT, "already-registered", message),
            RegisterError::OfHost => Self::new(StatusCode::CONFLICT, "deployment-of-host", message),
            RegisterError::Internal(cause) => Self::internal(&cause),
        }
    }
}
