//! How the use cases of rules fail, over REST.

use axum::http::StatusCode;
use stacker::services::RuleError;

use crate::http::ApiError;

impl From<RuleError> for ApiError {
    fn from(error: RuleError) -> Self {
        let message = error.to_string();
        match error {
            RuleError::Invalid(_) => Self::bad_request("invalid-query", message),
            RuleError::Forbidden => Self::forbidden(),
            RuleError::RoleUnknown(_) => Self::new(StatusCode::NOT_FOUND, "role-unknown", message),
            RuleError::NotFound => Self::new(StatusCode::NOT_FOUND, "not-found", message),
            RuleError::Exists => Self::new(StatusCode::CONFLICT, "rule-exists", message),
            RuleError::Policy(cause) => Self::internal(&cause),
            RuleError::Internal(cause) => Self::internal(&cause),
        }
    }
}
