//! Why a message did not arrive. No text holds what the User Service wrote, nor an address or a token.

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    #[error("the User Service refuses the token of this server: is STACKER_SERVICE_TOKEN right?")]
    Unauthorized,
    #[error("the User Service has no marketplace at this address: is URL_SERVER_USER right?")]
    NotFound,
    /// It is in trouble or cannot be reached; a later attempt may succeed.
    #[error("the User Service does not answer")]
    Unavailable,
    #[error("the User Service answers with the unexpected status {status}")]
    UnexpectedStatus { status: u16 },
    #[error("the User Service has received the message and says that it failed")]
    Declined,
}

impl WebhookError {
    /// Whether a further attempt can succeed.
    pub fn may_pass(self) -> bool {
        self == Self::Unavailable
    }
}
