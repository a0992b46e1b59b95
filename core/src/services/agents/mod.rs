//! Agents: how they register and authenticate, whether they are online, and what they report about their host.
//!
//! - [`register`]: how an agent is admitted
//! - [`authenticate`]: whether credentials belong to the agent: `presented_token` and `signed` are its parts
//! - [`sightings`]: when it last made contact, and what follows from that
//! - [`observed`]: what it reports about its host

mod authenticate;
mod observed;
mod presented_token;
mod register;
mod sightings;
mod signed;

use std::sync::Arc;

pub use authenticate::{AgentAuthError, AgentCredentials, KnownAgent, Signature};
pub(super) use authenticate::{RefusalMemory, new_refusal_memory};
pub use observed::ObservedError;
pub use register::{RegisterError, Registered};
pub use sightings::OFFLINE_AFTER;
pub(super) use sightings::{SEEN_EVERY, Sightings};
pub use signed::is_signed as is_signed_by_agent;
pub(super) use signed::{ReplayMemory, new_replay_memory};

pub use crate::db::agents::AgentRecord;
use crate::services::core::Core;

#[derive(Clone, Debug)]
pub struct Agents {
    core: Arc<Core>,
    /// Shared with [`super::commands`]: a waiting poll counts as contact too.
    sightings: Arc<Sightings>,
    /// Request ids that were already used. Filled only if signatures are mandatory.
    replays: ReplayMemory,
    /// Refusals that are already in the audit log.
    refusals: RefusalMemory,
}

impl Agents {
    pub(super) fn new(core: Arc<Core>) -> Self {
        Self { core, sightings: Arc::default(), replays: new_replay_memory(), refusals: new_refusal_memory() }
    }

    /// Shared with [`super::commands`], where polls wait.
    pub(super) fn sightings(&self) -> Arc<Sightings> {
        self.sightings.clone()
    }
}
