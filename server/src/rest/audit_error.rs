//! How reading the audit log fails, over REST.

use stacker::services::AuditError;

use crate::http::ApiError;

impl From<AuditError> for ApiError {
    fn from(error: AuditError) -> Self {
        let message = error.to_string();
        match error {
            AuditError::Forbidden => Self::forbidden(),
            AuditError::Invalid { errors } => Self::bad_request("invalid-query", message).with_errors(errors),
            AuditError::Internal(cause) => Self::internal(&cause),
        }
    }
}
