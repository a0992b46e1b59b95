//! Why an outbound request has no answer. No text names more than the kind of the problem: neither the URL, which may hold
//! secrets, nor the address, which would tell a user how the server's network looks.

use std::{error::Error, fmt};

use super::addresses::ReservedRange;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    #[error("{0}")]
    InvalidUrl(UnusableUrl),
    /// Refused before anything was sent.
    #[error("{0}")]
    NotAllowed(NotAllowed),
    #[error("{0}")]
    Unreachable(Disconnection),
    #[error("there was no answer in time")]
    TimedOut,
    #[error("the answer is longer than {limit_bytes} bytes")]
    TooLarge { limit_bytes: usize },
    /// The request itself cannot be sent, for example because a header has letters that no header can carry.
    #[error("the request cannot be sent")]
    Unsendable,
}

/// The host leads to an address that is not public, and the operator has not opened it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the host is at {0}, which the operator has not allowed")]
pub struct NotAllowed(pub ReservedRange);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableUrl {
    #[error("the address must begin with http:// or https://")]
    Scheme,
    #[error("the address must not contain a user name or a password")]
    Credentials,
    #[error("the address names no host")]
    NoHost,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Disconnection {
    #[error("the name of the host cannot be resolved")]
    UnknownHost,
    #[error("the host cannot be connected")]
    NoConnection,
    #[error("no trusted TLS connection to the host is possible")]
    Tls,
    #[error("the connection ended before the answer did")]
    Broken,
}

/// What the resolver reports through reqwest, found again by [`OutboundError::from`].
#[derive(Clone, Copy, Debug)]
pub(super) enum NoAddress {
    NotAllowed(NotAllowed),
    Unknown,
}

impl fmt::Display for NoAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAllowed(reason) => reason.fmt(formatter),
            Self::Unknown => Disconnection::UnknownHost.fmt(formatter),
        }
    }
}

impl Error for NoAddress {}

impl From<reqwest::Error> for OutboundError {
    fn from(error: reqwest::Error) -> Self {
        match find::<NoAddress>(&error) {
            Some(NoAddress::NotAllowed(reason)) => return Self::NotAllowed(*reason),
            Some(NoAddress::Unknown) => return Self::Unreachable(Disconnection::UnknownHost),
            None => {}
        }
        if error.is_timeout() {
            Self::TimedOut
        } else if error.is_builder() {
            Self::Unsendable
        } else if find::<rustls::Error>(&error).is_some() {
            Self::Unreachable(Disconnection::Tls)
        } else if error.is_connect() {
            Self::Unreachable(Disconnection::NoConnection)
        } else {
            Self::Unreachable(Disconnection::Broken)
        }
    }
}

fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        // An I/O error hides what it wraps from `source`.
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        cause = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}
