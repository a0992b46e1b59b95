//! How the use cases of projects fail, over REST.

use axum::http::{HeaderValue, StatusCode, header};
use domain::{api::FieldError, compose::Position, stack::Refusal};
use stacker::services::ProjectError;

use crate::http::{ApiError, etag};

impl From<ProjectError> for ApiError {
    fn from(error: ProjectError) -> Self {
        let message = error.to_string();
        match error {
            ProjectError::NotFound => Self::not_found(),
            ProjectError::Forbidden => Self::forbidden(),
            ProjectError::NameInvalid(_) => {
                let errors = vec![FieldError { field: "name".to_owned(), message: message.clone() }];
                Self::bad_request("name-invalid", message).with_errors(errors)
            }
            ProjectError::Invalid { errors } => Self::bad_request("invalid", message).with_errors(errors),
            ProjectError::Unreadable { position, .. } => {
                placed(Self::bad_request("unreadable-compose", message), position)
            }
            ProjectError::Refused(Refusal { code, position, .. }) => {
                placed(Self::new(StatusCode::UNPROCESSABLE_ENTITY, &code, message), position)
            }
            ProjectError::VersionConflict { current } => {
                let tag = etag(current.version).unwrap_or(HeaderValue::from_static("*"));
                Self::new(StatusCode::CONFLICT, "version-conflict", message).with_header(header::ETAG, tag)
            }
            ProjectError::TooLarge { .. } => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", message),
            ProjectError::HasDeployments => {
                Self::new(StatusCode::CONFLICT, "project-has-deployments", message)
            }
            ProjectError::LimitReached(limit) => limit.into(),
            ProjectError::LacksRole(_) => Self::new(StatusCode::FORBIDDEN, "project-role", message),
            ProjectError::NotConfirmed(error) => error.into(),
            ProjectError::Internal(cause) => Self::internal(&cause),
        }
    }
}

fn placed(error: ApiError, position: Option<Position>) -> ApiError {
    match position {
        Some(Position { line, column }) => error.at(line, column),
        None => error,
    }
}
