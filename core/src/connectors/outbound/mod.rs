//! Requests to addresses that a user chose: callbacks and registries. A user must not reach, through the server, what only the
//! server can reach.
//!
//! - [`OutboundClient`]: the only way to send such a request; every folder that needs one takes it as a parameter
//! - [`OutboundSettings`]: which networks and hosts the operator opens in spite of the rules
//! - [`HostResolver`]: how names become addresses; tests pass their own
//!
//! The address that was checked is the address that is connected: the check is part of the client's resolver, so a name that
//! changes its address between check and connection gains nothing.

mod addresses;
mod body;
mod client;
mod error;
mod resolver;
mod settings;
#[cfg(test)]
mod tests;

pub use addresses::ReservedRange;
pub use body::{read_at_most, read_beginning};
pub use client::OutboundClient;
pub use error::{Disconnection, NotAllowed, OutboundError, UnusableUrl};
pub use resolver::{HostResolver, SystemResolver};
pub use settings::{AllowList, OutboundSettings};
