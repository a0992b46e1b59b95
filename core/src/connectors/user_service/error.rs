//! Why the User Service gave no answer. No text holds what it wrote, nor an address or a token.

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UserServiceError {
    #[error("this server is connected to no User Service")]
    Off,
    /// The address for such questions is not set.
    #[error("the User Service cannot be asked about a person who has not signed in there")]
    NotAskable,
    /// The token is not valid, or not allowed to ask this.
    #[error("the User Service refuses to answer")]
    Refused,
    #[error("the User Service does not know this")]
    NotFound,
    /// It is in trouble or cannot be reached; a later attempt may succeed.
    #[error("the User Service does not answer")]
    Unavailable,
    #[error("the User Service answers with the unexpected status {status}")]
    UnexpectedStatus { status: u16 },
    #[error("the answer of the User Service cannot be read")]
    InvalidAnswer,
}
