//! Errors of server functions, with messages for users.

use domain::{
    api::{FieldError, ProjectDraft},
    compose::Position,
};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// Each variant is an error that the user can react to. All others are [`Self::Internal`]; their cause is only in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum RpcError {
    #[error("You are signed out. Sign in again to continue.")]
    SignedOut,
    #[error("You are not allowed to do this. Ask the operator of this server.")]
    Forbidden,
    /// The caller is a member of another user's project, but their role does not allow the action.
    #[error("{}", sentence(.message))]
    LacksRole { message: String },
    #[error("This project does not exist, or you have no access to it.")]
    NotFound,
    /// A deployment, host or revision does not exist, or the caller has no access to it.
    #[error("This {what} does not exist, or you have no access to it.")]
    NoSuch { what: String },
    /// The current state does not allow the action; the message says what would help.
    #[error("{}", sentence(.message))]
    NotNow { message: String },
    /// The agent did not answer in time.
    #[error("The host did not answer. It may be busy or offline. Try again in a moment.")]
    NoAnswer,
    #[error("{}", sentence(.message))]
    NameInvalid { message: String },
    #[error("Some fields are invalid: {}", fields(.errors))]
    Invalid { errors: Vec<FieldError> },
    /// The text is not valid YAML. Nothing was stored.
    #[error("Invalid YAML: not saved. {}", sentence(.message))]
    Unreadable { message: String, position: Option<Position> },
    /// An edit was refused, because it would have changed more than requested.
    #[error("{message}")]
    Refused { message: String },
    /// Another user or another tab has saved the project in the meantime.
    #[error("This project was changed elsewhere. Nothing was overwritten; choose which version to keep.")]
    VersionConflict { current: Box<ProjectDraft> },
    #[error("{}", sentence(.message))]
    TooLarge { message: String },
    #[error("This project has deployments. Remove them first, then delete it.")]
    HasDeployments,
    #[error("{}", sentence(.message))]
    LimitReached { message: String },
    /// The operator of this server requires that an agreement is accepted first.
    #[error("{}", sentence(.message))]
    AgreementRequired { id: i32, message: String },
    /// This account, or its IP address, has sent too many requests.
    #[error("Too many requests in a short time. Nothing was changed. Try again in {seconds} s.")]
    TooManyRequests { seconds: u32 },
    /// The browser could not send the request.
    #[error("Can't reach the server. Check the connection; your work stays in this tab.")]
    Unreachable,
    /// The page and the server come from different versions and cannot read each other's messages.
    #[error("This page is older than the server. Reload it.")]
    Outdated,
    #[error(
        "Something failed on the server. Nothing was changed. Try again; details are in the server's log."
    )]
    Internal,
}

impl RpcError {
    /// Whether the same request may succeed a moment later without any action by a user.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Unreachable | Self::NoAnswer | Self::TooManyRequests { .. } | Self::Internal)
    }
}

/// Use cases state messages as clauses; pages show sentences.
fn sentence(clause: &str) -> String {
    let mut characters = clause.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).chain(['.']).collect()
}

fn fields(errors: &[FieldError]) -> String {
    errors.iter().map(|error| format!("{} ({})", error.field, error.message)).collect::<Vec<_>>().join("; ")
}

impl FromServerFnError for RpcError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_) => Self::Outdated,
            _ => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_survives_the_way_to_the_browser() {
        let error = RpcError::Unreadable {
            message: "a tab".to_owned(),
            position: Some(Position { line: 2, column: 1 }),
        };
        assert_eq!(RpcError::de(error.ser()), error);
    }

    #[test]
    fn an_answer_of_another_version_asks_for_a_reload() {
        assert_eq!(RpcError::de("gone".into()), RpcError::Outdated);
    }

    #[test]
    fn a_clause_becomes_a_sentence() {
        let error = RpcError::NameInvalid { message: "a project needs a name".to_owned() };
        assert_eq!(error.to_string(), "A project needs a name.");
    }
}
