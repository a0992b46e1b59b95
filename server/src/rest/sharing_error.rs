//! How the use cases about who is in a project fail, over REST.

use axum::http::StatusCode;
use domain::api::FieldError;
use stacker::services::SharingError;

use crate::http::ApiError;

impl From<SharingError> for ApiError {
    fn from(error: SharingError) -> Self {
        let message = error.to_string();
        match error {
            SharingError::NotFound => Self::not_found(),
            SharingError::Forbidden => Self::forbidden(),
            SharingError::LacksRole(_) => Self::new(StatusCode::FORBIDDEN, "project-role", message),
            SharingError::NoSuchMember | SharingError::NoSuchInvitation => {
                Self::new(StatusCode::NOT_FOUND, "not-found", message)
            }
            SharingError::InvitationInvalid => {
                Self::new(StatusCode::FORBIDDEN, "invitation-invalid", message)
            }
            SharingError::RoleNotGiven => {
                let errors = vec![FieldError { field: "role".to_owned(), message: message.clone() }];
                Self::bad_request("role-invalid", message).with_errors(errors)
            }
            SharingError::NotConfirmed(error) => error.into(),
            SharingError::OwnerStays => Self::new(StatusCode::CONFLICT, "owner-stays", message),
            SharingError::OnHosts => Self::new(StatusCode::CONFLICT, "project-on-hosts", message),
            SharingError::TooManyMembers { .. }
            | SharingError::TooManyInvitations { .. }
            | SharingError::NewOwnerHasNoRoom => Self::new(StatusCode::FORBIDDEN, "limit-reached", message),
            SharingError::Internal(cause) => Self::internal(&cause),
        }
    }
}
