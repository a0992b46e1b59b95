//! Failures of the broker in plain words. The texts of the broker and of the library are not used, because they name users.

use std::io;

use lapin::{Error, ErrorKind};

use crate::connectors::broker::publication::PublishError;

/// An operation on the broker that did not succeed; the text is short and has no credentials.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BrokerError(pub String);

impl From<Error> for BrokerError {
    fn from(error: Error) -> Self {
        Self(reason(&error))
    }
}

impl From<PublishError> for BrokerError {
    fn from(error: PublishError) -> Self {
        Self(error.to_string())
    }
}

/// The reply code of AMQP 0-9-1 (section 1.1) if the broker itself refused.
pub(super) fn reply_code(error: &Error) -> Option<u16> {
    match error.kind() {
        ErrorKind::ProtocolError(error) => Some(error.get_id()),
        _ => None,
    }
}

/// Why a connection could not be opened.
pub(super) fn connect_reason(error: &Error) -> String {
    match reply_code(error) {
        Some(403) => "the broker refuses the user name or the password".to_owned(),
        Some(530) => "the virtual host does not exist, or the user may not use it".to_owned(),
        _ => reason(error),
    }
}

/// Why an operation failed.
pub(super) fn reason(error: &Error) -> String {
    if let Some(code) = reply_code(error) {
        return refusal(code);
    }
    match error.kind() {
        ErrorKind::IOError(error) => io_reason(error),
        ErrorKind::MissingHeartbeatError => "the broker has become silent".to_owned(),
        ErrorKind::InvalidProtocolVersion(_) | ErrorKind::ParsingError(_) => {
            "what answers there does not speak AMQP 0-9-1".to_owned()
        }
        _ => "the connection to the broker was lost".to_owned(),
    }
}

fn refusal(code: u16) -> String {
    let meaning = match code {
        320 => "the broker closed the connection: it stops, or an operator closed it",
        403 => "the broker's permissions do not allow this",
        404 => "the exchange or queue does not exist",
        405 => "the queue belongs to another connection",
        406 => "the exchange or queue exists with other arguments",
        506 | 311 => "the broker has no room for the message",
        _ => "the broker refused",
    };
    format!("{meaning} (AMQP {code})")
}

fn io_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "the broker's address refuses connections".to_owned(),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => "the connection to the broker was lost".to_owned(),
        io::ErrorKind::TimedOut => "the broker does not answer".to_owned(),
        // TLS and name resolution explain themselves.
        _ => error.to_string(),
    }
}
