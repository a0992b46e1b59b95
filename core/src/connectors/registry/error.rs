//! Why there are no facts about an image. No text holds credentials or what a registry wrote.

use std::time::Duration;

use crate::connectors::outbound::{NotAllowed, OutboundError};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LookUpError {
    /// The repository is readable with the credentials used, and does not have the tag or digest. The only error that says
    /// something about the image.
    #[error("the registry does not have this tag")]
    CertainlyMissing,
    /// The repository does not exist, or the credentials used do not open it; registries do not tell which.
    #[error("the repository does not exist or is not readable with these credentials")]
    NotReadable,
    #[error("the registry allows no more requests for {} s", retry_after.as_secs())]
    RateLimited { retry_after: Duration },
    /// The reason is a plain text that completes "the registry …".
    #[error("the registry {0}")]
    Unreachable(String),
    #[error("the registry did not answer in time")]
    TimedOut,
    #[error("{0}")]
    NotAllowed(NotAllowed),
    #[error("{0}")]
    Invalid(InvalidImage),
    /// Nothing was asked, because the operator has switched it off.
    #[error("registries are switched off on this server")]
    Off,
}

/// Asking again gives the same error, until something is changed here or at the registry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidImage {
    #[error("{0}")]
    Reference(String),
    #[error("the registry's answer is longer than {limit_bytes} bytes")]
    TooLarge { limit_bytes: usize },
    #[error("the registry's answer is no image manifest")]
    NoManifest,
    #[error("the registry answers with another image than the digest names")]
    OtherDigest,
    #[error("the registry wants the credentials to be sent to a host that is not configured for it")]
    TokenHost,
    #[error("the registry's way of signing in is not supported")]
    Challenge,
    /// To a place that credentials must not be sent to.
    #[error("the registry answers with a redirect")]
    Redirected,
    #[error("the registry answers with status {0}")]
    Status(u16),
}

impl From<InvalidImage> for LookUpError {
    fn from(error: InvalidImage) -> Self {
        Self::Invalid(error)
    }
}

impl From<OutboundError> for LookUpError {
    fn from(error: OutboundError) -> Self {
        match error {
            OutboundError::TimedOut => Self::TimedOut,
            OutboundError::NotAllowed(reason) => Self::NotAllowed(reason),
            OutboundError::TooLarge { limit_bytes } => InvalidImage::TooLarge { limit_bytes }.into(),
            OutboundError::InvalidUrl(_) | OutboundError::Unsendable => {
                InvalidImage::Reference("the address of the registry cannot be used".to_owned()).into()
            }
            OutboundError::Unreachable(reason) => Self::Unreachable(format!("cannot be reached: {reason}")),
        }
    }
}
