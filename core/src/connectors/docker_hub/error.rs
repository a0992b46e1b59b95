//! Why there is no list. No text holds what Docker Hub wrote.

use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrowseError {
    #[error("Docker Hub is switched off")]
    Off,
    #[error("Docker Hub refuses access")]
    Unauthorized,
    #[error("Docker Hub does not know this name")]
    NotFound,
    #[error("Docker Hub allows no more requests for now")]
    RateLimited {
        /// If Docker Hub says how long.
        retry_after: Option<Duration>,
    },
    /// It is in trouble or cannot be reached; a later attempt may succeed.
    #[error("Docker Hub does not answer")]
    Unavailable,
    #[error("Docker Hub answers with an unexpected status")]
    UnexpectedStatus { status: u16 },
    #[error("Docker Hub's answer cannot be read")]
    InvalidAnswer,
}
