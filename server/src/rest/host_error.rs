//! How the use cases of hosts fail, over REST.

use axum::http::StatusCode;
use domain::api::FieldError;
use stacker::services::HostError;

use crate::http::ApiError;

impl From<HostError> for ApiError {
    fn from(error: HostError) -> Self {
        let message = error.to_string();
        match error {
            HostError::NotFound(_) => Self::new(StatusCode::NOT_FOUND, "not-found", message),
            HostError::Forbidden => Self::forbidden(),
            HostError::LacksRole(_) => Self::new(StatusCode::FORBIDDEN, "project-role", message),
            HostError::NameInvalid => {
                let errors = vec![FieldError { field: "name".to_owned(), message: message.clone() }];
                Self::bad_request("name-invalid", message).with_errors(errors)
            }
            HostError::LimitReached(limit) => limit.into(),
            HostError::HasDeployments => Self::new(StatusCode::CONFLICT, "host-has-deployments", message),
            HostError::NoAgent => Self::new(StatusCode::CONFLICT, "host-without-agent", message),
            HostError::NotConfirmed(error) => error.into(),
            HostError::Internal(cause) => Self::internal(&cause),
        }
    }
}
