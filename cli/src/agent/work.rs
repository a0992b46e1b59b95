//! A running command: the context that every command, and every step of a deployment, receives.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::{delivered::Delivered, progress::Progress, running::Agent};

pub struct Work {
    pub agent: Arc<Agent>,
    pub command: Delivered,
    pub cancel: CancellationToken,
    pub progress: Progress,
    /// Whether the command was started before and the agent was interrupted.
    pub resumed: bool,
}
