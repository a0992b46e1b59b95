//! What an account that keeps as much as it may hears over REST.

use axum::http::StatusCode;
use domain::api::FieldError;
use stacker::services::AccountLimit;

use crate::http::ApiError;

impl From<AccountLimit> for ApiError {
    fn from(limit: AccountLimit) -> Self {
        let message = limit.to_string();
        let errors = vec![FieldError { field: limit.key().to_owned(), message: message.clone() }];
        Self::new(StatusCode::FORBIDDEN, "limit-reached", message).with_errors(errors)
    }
}
