//! What can go wrong between a page and the server, in the user's words.

use domain::api::{FieldError, ProjectDraft};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// Variants are what a person can do something about; the rest is [`Self::Internal`], whose cause is only in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum RpcError {
    #[error("You are signed out. Sign in again to go on.")]
    SignedOut,
    #[error("You may not do this. Ask the person who runs this server.")]
    Forbidden,
    #[error("There is no such project, or it is not yours.")]
    NotFound,
    #[error("{message}")]
    NameInvalid { message: String },
    #[error("Some fields are not right: {}", fields(.errors))]
    Invalid { errors: Vec<FieldError> },
    /// The text is no YAML. Nothing was stored.
    #[error("Line {line}, column {column}: {message}")]
    Unreadable { message: String, line: usize, column: usize },
    /// An edit that would have changed more than was asked for.
    #[error("{message}")]
    Refused { message: String },
    /// Somebody else, or another tab, saved in the meantime.
    #[error("This project was changed elsewhere in the meantime. Nothing of yours was overwritten; choose which version to keep.")]
    VersionConflict { current: Box<ProjectDraft> },
    #[error("{message}")]
    TooLarge { message: String },
    #[error("This project has deployments. Remove them first, then delete it.")]
    HasDeployments,
    #[error("{message}")]
    LimitReached { message: String },
    /// The browser could not ask.
    #[error("The server cannot be reached. Check the connection; your work stays in this tab.")]
    Unreachable,
    /// An old tab, or a new server: they do not understand each other.
    #[error("This page is older than the server. Reload it.")]
    Outdated,
    #[error("Something failed on the server. Nothing was changed. Try again; the server's log has the details.")]
    Internal,
}

fn fields(errors: &[FieldError]) -> String {
    errors.iter().map(|error| format!("{} ({})", error.field, error.message)).collect::<Vec<_>>().join("; ")
}

impl FromServerFnError for RpcError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            ServerFnErrorErr::Deserialization(_) | ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::Outdated,
            _ => Self::Internal,
        }
    }
}

#[cfg(feature = "ssr")]
impl RpcError {
    fn status(&self) -> axum::http::StatusCode {
        use axum::http::StatusCode;

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
        if let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>() {
            response.set_status(self.status());
        }
        self
    }
}
