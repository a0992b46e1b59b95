//! Deployments that go through the install service: to a cloud, or to a server of the user's own without our agent.
//!
//! - [`send`]: creates the deployment and the message
//! - [`queue`]: the way of the message through the outbox to the broker
//! - [`progress`]: what the install service reports

mod progress;
mod queue;
mod send;

pub use progress::{Message, ProgressRefusal};
pub use queue::InstallQueue;
pub(super) use send::Credentials;
