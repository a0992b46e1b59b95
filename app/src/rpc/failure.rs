//! Converts a [`Problem`] into an [`RpcError`], and sets the HTTP status of the response.

use axum::http::StatusCode;
use domain::problem::{Extra, Problem, ProblemKind, UseCaseError};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::RpcError;

impl RpcError {
    fn status(&self) -> StatusCode {
        match self {
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Forbidden
            | Self::LacksRole { .. }
            | Self::LimitReached { .. }
            | Self::AgreementRequired { .. } => StatusCode::FORBIDDEN,
            Self::NotFound | Self::NoSuch { .. } => StatusCode::NOT_FOUND,
            Self::NotNow { .. } => StatusCode::CONFLICT,
            Self::NoAnswer => StatusCode::GATEWAY_TIMEOUT,
            Self::NameInvalid { .. } | Self::Invalid { .. } | Self::Unreadable { .. } | Self::Outdated => {
                StatusCode::BAD_REQUEST
            }
            Self::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::VersionConflict { .. } | Self::HasDeployments => StatusCode::CONFLICT,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unreachable | Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The error as which pages show this problem.
    fn of(problem: Problem) -> Self {
        let message = problem.page_message().to_owned();
        match problem.kind {
            ProblemKind::Invalid => Self::Invalid { errors: problem.fields },
            ProblemKind::NameInvalid => Self::NameInvalid { message },
            ProblemKind::Unreadable => Self::Unreadable { message, position: problem.place },
            ProblemKind::BadCredentials => Self::SignedOut,
            ProblemKind::Forbidden => Self::Forbidden,
            ProblemKind::LacksRole => Self::LacksRole { message },
            ProblemKind::LimitReached | ProblemKind::TooManyKept | ProblemKind::TooManyWaiting => {
                Self::LimitReached { message }
            }
            ProblemKind::AgreementRequired => match problem.extra {
                Some(Extra::Agreement(id)) => Self::AgreementRequired { id, message },
                _ => Self::Forbidden,
            },
            ProblemKind::NotFound => match problem.extra {
                Some(Extra::Missing(what)) => Self::NoSuch { what },
                _ => Self::NotFound,
            },
            ProblemKind::VersionConflict => match problem.extra {
                Some(Extra::Current(current)) => Self::VersionConflict { current },
                _ => Self::NotNow { message },
            },
            ProblemKind::HasDeployments => Self::HasDeployments,
            ProblemKind::TooLarge => Self::TooLarge { message },
            ProblemKind::EditRefused => Self::Refused { message },
            ProblemKind::Declined
            | ProblemKind::CodeInvalid
            | ProblemKind::NotEntitled
            | ProblemKind::RoleUnknown
            | ProblemKind::Conflict
            | ProblemKind::Unprocessable
            | ProblemKind::TooManyStreams
            | ProblemKind::UpstreamRefused
            | ProblemKind::UpstreamBusy
            | ProblemKind::UpstreamUnreadable
            | ProblemKind::Unavailable => Self::NotNow { message },
            ProblemKind::NoAnswer => Self::NoAnswer,
            ProblemKind::Internal => Self::Internal,
        }
    }

    /// Sets the response status to that of this error, for pages and server functions alike.
    pub(crate) fn with_status(self) -> Self {
        if let Some(response) = use_context::<ResponseOptions>() {
            response.set_status(self.status());
        }
        self
    }
}

/// The error becomes a response here, so its cause is logged here, once.
impl<E: UseCaseError> From<E> for RpcError {
    fn from(error: E) -> Self {
        let problem = error.problem();
        if problem.kind == ProblemKind::Internal {
            tracing::error!(?error, "a server function failed inside");
        }
        Self::of(problem).with_status()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_what_is_missing_and_read_their_own_words() {
        let missing = Problem::not_found().missing("host");
        assert_eq!(RpcError::of(missing), RpcError::NoSuch { what: "host".to_owned() });
        assert_eq!(RpcError::of(Problem::not_found()), RpcError::NotFound);
        let ended = Problem::new(ProblemKind::Declined, "command-ended", "Cannot cancel command")
            .with(Extra::PageMessage("it has ended already".to_owned()));
        assert_eq!(RpcError::of(ended), RpcError::NotNow { message: "it has ended already".to_owned() });
    }
}
