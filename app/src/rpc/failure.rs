//! How errors of use cases become [`RpcError`]s, and which status an answer with one gets.

use axum::http::StatusCode;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use stacker::services::ProjectError;

use super::RpcError;

impl RpcError {
    fn status(&self) -> StatusCode {
        match self {
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::LimitReached { .. } => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NameInvalid { .. } | Self::Invalid { .. } | Self::Unreadable { .. } | Self::Outdated => {
                StatusCode::BAD_REQUEST
            }
            Self::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::VersionConflict { .. } | Self::HasDeployments => StatusCode::CONFLICT,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unreachable | Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Gives the answer, whether page or server function, the status of this error.
    pub(crate) fn with_status(self) -> Self {
        if let Some(response) = use_context::<ResponseOptions>() {
            response.set_status(self.status());
        }
        self
    }
}

/// Here the error leaves for the browser, so here the cause is logged, once.
impl From<ProjectError> for RpcError {
    fn from(error: ProjectError) -> Self {
        let error = match error {
            ProjectError::NotFound => Self::NotFound,
            ProjectError::Forbidden => Self::Forbidden,
            ProjectError::NameInvalid(problem) => Self::NameInvalid { message: problem.to_string() },
            ProjectError::Invalid { errors } => Self::Invalid { errors },
            ProjectError::Unreadable { message, position } => Self::Unreadable { message, position },
            ProjectError::Refused(refusal) => Self::Refused { message: refusal.message },
            ProjectError::VersionConflict { current } => Self::VersionConflict { current },
            error @ ProjectError::TooLarge { .. } => Self::TooLarge { message: error.to_string() },
            ProjectError::HasDeployments => Self::HasDeployments,
            error @ ProjectError::LimitReached { .. } => Self::LimitReached { message: error.to_string() },
            ProjectError::Internal(cause) => {
                tracing::error!(error = ?cause, "a server function failed inside");
                Self::Internal
            }
        };
        error.with_status()
    }
}
