//! How the use cases of access tokens fail, over REST.

use axum::http::StatusCode;
use domain::api::FieldError;
use stacker::services::TokenError;

use crate::http::ApiError;

impl From<TokenError> for ApiError {
    fn from(error: TokenError) -> Self {
        let message = error.to_string();
        let invalid = |field: &str, code| {
            let errors = vec![FieldError { field: field.to_owned(), message: message.clone() }];
            Self::bad_request(code, message.clone()).with_errors(errors)
        };
        match error {
            TokenError::NotFound => Self::not_found(),
            TokenError::Forbidden => Self::new(StatusCode::FORBIDDEN, "forbidden", message),
            TokenError::NameInvalid => invalid("name", "name-invalid"),
            TokenError::ExpiryInvalid => invalid("expires_at", "expiry-invalid"),
            TokenError::LimitReached => Self::new(StatusCode::FORBIDDEN, "limit-reached", message),
            TokenError::Internal(cause) => Self::internal(&cause),
        }
    }
}
