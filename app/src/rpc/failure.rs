//! How errors of use cases become [`RpcError`]s, and which status an answer with one gets.

use axum::http::StatusCode;
use domain::api::FieldError;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use stacker::services::{
    AccountError, AuditError, CancelError, ClientError, CreateError, DeploymentError, HostError, ListError,
    LogsError, ProjectError, RuleError, SessionError, SharingError, TokenError,
};

use super::RpcError;

impl RpcError {
    fn status(&self) -> StatusCode {
        match self {
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::LacksRole { .. } | Self::LimitReached { .. } => StatusCode::FORBIDDEN,
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
            ProjectError::LacksRole(lacks) => Self::LacksRole { message: lacks.to_string() },
            ProjectError::NameInvalid(problem) => Self::NameInvalid { message: problem.to_string() },
            ProjectError::Invalid { errors } => Self::Invalid { errors },
            ProjectError::Unreadable { message, position } => Self::Unreadable { message, position },
            ProjectError::Refused(refusal) => Self::Refused { message: refusal.message },
            ProjectError::VersionConflict { current } => Self::VersionConflict { current },
            error @ ProjectError::TooLarge { .. } => Self::TooLarge { message: error.to_string() },
            ProjectError::HasDeployments => Self::HasDeployments,
            error @ ProjectError::NotConfirmed(_) => Self::NotNow { message: error.to_string() },
            ProjectError::LimitReached(limit) => Self::LimitReached { message: limit.to_string() },
            ProjectError::Internal(cause) => internal(&cause),
        };
        error.with_status()
    }
}

impl From<SharingError> for RpcError {
    fn from(error: SharingError) -> Self {
        let error = match error {
            SharingError::NotFound => Self::NotFound,
            SharingError::Forbidden => Self::Forbidden,
            SharingError::LacksRole(lacks) => Self::LacksRole { message: lacks.to_string() },
            SharingError::NoSuchMember => Self::NoSuch { what: "member".to_owned() },
            SharingError::NoSuchInvitation => Self::NoSuch { what: "invitation".to_owned() },
            error @ (SharingError::TooManyMembers { .. }
            | SharingError::TooManyInvitations { .. }
            | SharingError::NewOwnerHasNoRoom) => Self::LimitReached { message: error.to_string() },
            error @ (SharingError::InvitationInvalid
            | SharingError::NotConfirmed(_)
            | SharingError::RoleNotGiven
            | SharingError::OwnerStays
            | SharingError::OnHosts) => Self::NotNow { message: error.to_string() },
            SharingError::Internal(cause) => internal(&cause),
        };
        error.with_status()
    }
}

impl From<SessionError> for RpcError {
    fn from(error: SessionError) -> Self {
        internal(&error).with_status()
    }
}

impl From<AccountError> for RpcError {
    fn from(error: AccountError) -> Self {
        let error = match error {
            AccountError::Forbidden => Self::Forbidden,
            AccountError::Internal(cause) => internal(&cause),
        };
        error.with_status()
    }
}

impl From<DeploymentError> for RpcError {
    fn from(error: DeploymentError) -> Self {
        let error = match error {
            DeploymentError::NotFound(what) => Self::NoSuch { what: what.to_owned() },
            DeploymentError::Forbidden => Self::Forbidden,
            DeploymentError::LacksRole(lacks) => Self::LacksRole { message: lacks.to_string() },
            DeploymentError::Invalid { errors } => Self::Invalid { errors },
            error @ DeploymentError::LimitReached { .. } => Self::LimitReached { message: error.to_string() },
            DeploymentError::Project(error) => return error.into(),
            error @ (DeploymentError::CloudNotConfigured
            | DeploymentError::StackEmpty
            | DeploymentError::StackHasErrors { .. }
            | DeploymentError::Busy
            | DeploymentError::Ended
            | DeploymentError::NoHost
            | DeploymentError::NotPlanned { .. }
            | DeploymentError::NothingRuns
            | DeploymentError::NoDrift
            | DeploymentError::CannotAdopt { .. }
            | DeploymentError::TooManyStreams) => Self::NotNow { message: error.to_string() },
            DeploymentError::Internal(cause) => internal(&cause),
        };
        error.with_status()
    }
}

impl From<HostError> for RpcError {
    fn from(error: HostError) -> Self {
        let error = match error {
            HostError::NotFound(what) => Self::NoSuch { what: what.to_owned() },
            HostError::Forbidden => Self::Forbidden,
            HostError::LacksRole(lacks) => Self::LacksRole { message: lacks.to_string() },
            error @ HostError::NameInvalid => Self::NameInvalid { message: error.to_string() },
            HostError::LimitReached(limit) => Self::LimitReached { message: limit.to_string() },
            error @ (HostError::HasDeployments | HostError::NoAgent | HostError::NotConfirmed(_)) => {
                Self::NotNow { message: error.to_string() }
            }
            HostError::Internal(cause) => internal(&cause),
        };
        error.with_status()
    }
}

impl From<TokenError> for RpcError {
    fn from(error: TokenError) -> Self {
        let error = match error {
            TokenError::NotFound => Self::NoSuch { what: "token".to_owned() },
            TokenError::Forbidden => Self::Forbidden,
            error @ TokenError::NameInvalid => Self::NameInvalid { message: error.to_string() },
            error @ TokenError::LimitReached => Self::LimitReached { message: error.to_string() },
            error @ TokenError::ExpiryInvalid => Self::NotNow { message: error.to_string() },
            TokenError::Internal(cause) => internal(&cause),
        };
        error.with_status()
    }
}

impl From<ClientError> for RpcError {
    fn from(error: ClientError) -> Self {
        let error = match error {
            ClientError::NotFound => Self::NoSuch { what: "client".to_owned() },
            ClientError::Forbidden => Self::Forbidden,
            ClientError::Invalid { errors } => Self::Invalid { errors },
            error @ ClientError::TooMany { .. } => Self::LimitReached { message: error.to_string() },
            error @ (ClientError::NotActive | ClientError::AlreadyActive | ClientError::NotConfirmed(_)) => {
                Self::NotNow { message: error.to_string() }
            }
            ClientError::Internal(cause) => internal(&cause),
        };
        error.with_status()
    }
}

impl From<RuleError> for RpcError {
    fn from(error: RuleError) -> Self {
        let error = match error {
            RuleError::Forbidden => Self::Forbidden,
            RuleError::NotFound => Self::NoSuch { what: "rule".to_owned() },
            error @ (RuleError::Invalid(_) | RuleError::RoleUnknown(_) | RuleError::Exists) => {
                Self::NotNow { message: error.to_string() }
            }
            RuleError::Policy(cause) => internal(&cause),
            RuleError::Internal(cause) => internal(&cause),
        };
        error.with_status()
    }
}

impl From<CreateError> for RpcError {
    fn from(error: CreateError) -> Self {
        let error = match error {
            CreateError::Forbidden => Self::Forbidden,
            CreateError::LacksRole(lacks) => Self::LacksRole { message: lacks.to_string() },
            CreateError::NotFound => Self::NoSuch { what: "deployment".to_owned() },
            CreateError::Invalid { field, message } => {
                Self::Invalid { errors: vec![FieldError { field: field.to_owned(), message }] }
            }
            error @ CreateError::TooManyOpen { .. } => Self::LimitReached { message: error.to_string() },
            CreateError::Internal(cause) => internal(&cause),
        };
        error.with_status()
    }
}

impl From<CancelError> for RpcError {
    fn from(error: CancelError) -> Self {
        let error = match error {
            CancelError::Forbidden => Self::Forbidden,
            CancelError::LacksRole(lacks) => Self::LacksRole { message: lacks.to_string() },
            CancelError::NotFound => Self::NoSuch { what: "command".to_owned() },
            CancelError::Ended(_) => Self::NotNow { message: "it has ended already".to_owned() },
            CancelError::Internal(cause) => internal(&cause),
        };
        error.with_status()
    }
}

impl From<ListError> for RpcError {
    fn from(error: ListError) -> Self {
        let error = match error {
            ListError::Forbidden => Self::Forbidden,
            ListError::NotFound => Self::NoSuch { what: "command".to_owned() },
            ListError::Internal(cause) => internal(&cause),
        };
        error.with_status()
    }
}

impl From<LogsError> for RpcError {
    fn from(error: LogsError) -> Self {
        let error = match error {
            LogsError::Create(error) => return error.into(),
            LogsError::List(error) => return error.into(),
            LogsError::Cancel(error) => return error.into(),
            LogsError::Failed(message) => Self::NotNow { message },
            LogsError::NoAnswer => Self::NoAnswer,
        };
        error.with_status()
    }
}

impl From<AuditError> for RpcError {
    fn from(error: AuditError) -> Self {
        let error = match error {
            AuditError::Forbidden => Self::Forbidden,
            AuditError::Invalid { errors } => Self::Invalid { errors },
            AuditError::Internal(cause) => internal(&cause),
        };
        error.with_status()
    }
}

fn internal(cause: &impl std::fmt::Debug) -> RpcError {
    tracing::error!(error = ?cause, "a server function failed inside");
    RpcError::Internal
}
