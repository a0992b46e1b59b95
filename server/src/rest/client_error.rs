//! How the use cases of API clients fail, over REST.

use axum::http::StatusCode;
use stacker::services::ClientError;

use crate::http::ApiError;

impl From<ClientError> for ApiError {
    fn from(error: ClientError) -> Self {
        let message = error.to_string();
        match error {
            ClientError::NotFound => Self::not_found(),
            ClientError::Forbidden => Self::new(StatusCode::FORBIDDEN, "forbidden", message),
            ClientError::TooMany { .. } => Self::bad_request("too-many-clients", message),
            ClientError::NotActive => Self::bad_request("client-not-active", message),
            ClientError::AlreadyActive => Self::bad_request("client-already-active", message),
            ClientError::Invalid { errors } => Self::bad_request("invalid-body", message).with_errors(errors),
            ClientError::NotConfirmed(error) => error.into(),
            ClientError::Internal(cause) => Self::internal(&cause),
        }
    }
}
