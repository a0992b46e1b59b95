//! Who waits for what. One [`Hub`] per server, fed by one LISTEN connection.
//!
//! An agent that waits costs an entry in a map and no query: it registers, looks whether its channel is known to have
//! work, and sleeps. What is known comes from NOTIFY, and from one query whenever the LISTEN connection is (re-)made.
//! A notification is a hint and never more: what is claimed, or read, is decided in the database.
//!
//! - [`channels`](self::channels): agents that wait, and channels that have work for them
//! - [`Subscription`]: pages and clients that wait for news of a deployment
//! - [`listener`](self::listener): the connection, and what happens when it breaks

mod channels;
mod listener;
mod subscriptions;

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use moka::sync::Cache;
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

pub use channels::{Known, Waiter};
pub(crate) use listener::LOOK_AHEAD;
pub use subscriptions::Subscription;

use crate::db::agents::AgentRecord;

/// Agents whose credentials are remembered; the others are looked up again.
const REMEMBERED_AGENTS: u64 = 50_000;

/// Cheap to clone.
#[derive(Clone, Debug)]
pub struct Hub {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    channels: channels::Channels,
    subscriptions: subscriptions::Subscriptions,
    /// By their id. Trusted only while the LISTEN connection stands, which says when one has changed.
    agents: Cache<Uuid, Arc<AgentRecord>>,
    /// Grows whenever an agent changed: what was read before is not remembered after.
    agents_generation: AtomicU64,
    /// Grows whenever an access token was taken away.
    tokens_generation: AtomicU64,
    /// Notified when the rules change.
    rules_changed: Notify,
    /// Keys come, go, or another one seals now.
    keys_changed: Notify,
    listening: AtomicBool,
    stopping: CancellationToken,
    /// Work that outlives its request: claims, and giving them back.
    tasks: TaskTracker,
}

impl Default for Hub {
    fn default() -> Self {
        Self::new()
    }
}

impl Hub {
    pub fn new() -> Self {
        Self {
            inner: Arc::new(Inner {
                channels: channels::Channels::default(),
                subscriptions: subscriptions::Subscriptions::default(),
                agents: Cache::builder().max_capacity(REMEMBERED_AGENTS).build(),
                agents_generation: AtomicU64::new(0),
                tokens_generation: AtomicU64::new(0),
                rules_changed: Notify::new(),
                keys_changed: Notify::new(),
                listening: AtomicBool::new(false),
                stopping: CancellationToken::new(),
                tasks: TaskTracker::new(),
            }),
        }
    }

    /// Registers somebody who waits for commands, before anything is claimed for them.
    pub fn wait_on(&self, channel: &str) -> Waiter {
        self.inner.channels.register(channel)
    }

    /// There may be something to claim.
    pub fn work_on(&self, channel: &str) {
        self.inner.channels.work_on(channel);
    }

    /// Leases of delivered commands expired: the next poll takes them back first.
    pub fn overdue_on(&self, channel: &str) {
        self.inner.channels.overdue_on(channel);
    }

    /// News of a deployment, from now on.
    pub fn deployment_events(&self, deployment_hash: &str) -> Subscription {
        self.inner.subscriptions.subscribe(deployment_hash)
    }

    /// Cancelled when the server stops: every wait here ends at once.
    pub fn stopping(&self) -> &CancellationToken {
        &self.inner.stopping
    }

    /// How many agents wait here.
    pub fn waiting(&self) -> usize {
        self.inner.channels.waiting()
    }

    /// Nothing here outlives its request.
    pub fn is_settled(&self) -> bool {
        self.inner.tasks.is_empty()
    }

    /// What must be finished before the database goes.
    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.inner.tasks
    }

    /// Whether notifications arrive. While they do not, nothing cached is trusted.
    pub fn is_listening(&self) -> bool {
        self.inner.listening.load(Ordering::Acquire)
    }

    pub(crate) fn remembered_agent(&self, id: Uuid) -> Option<Arc<AgentRecord>> {
        self.is_listening().then(|| self.inner.agents.get(&id)).flatten()
    }

    pub(crate) fn agents_generation(&self) -> u64 {
        self.inner.agents_generation.load(Ordering::Acquire)
    }

    /// Unless an agent has changed since `generation`: then what was read may be old.
    pub(crate) fn remember_agent(&self, generation: u64, agent: Arc<AgentRecord>) {
        self.inner.agents.insert(agent.id, agent.clone());
        if self.agents_generation() != generation {
            self.inner.agents.invalidate(&agent.id);
            // That change may have come before anybody was remembered who could be woken by it.
            self.inner.channels.agent_changed(&agent.channel);
        }
    }

    pub(crate) fn forget_agent(&self, id: Uuid) {
        self.inner.agents_generation.fetch_add(1, Ordering::AcqRel);
        if let Some(agent) = self.inner.agents.remove(&id) {
            self.inner.channels.agent_changed(&agent.channel);
        }
    }

    /// What was remembered of a token under another number is not to be trusted.
    pub(crate) fn tokens_generation(&self) -> u64 {
        self.inner.tokens_generation.load(Ordering::Acquire)
    }

    pub(crate) fn forget_tokens(&self) {
        self.inner.tokens_generation.fetch_add(1, Ordering::AcqRel);
    }

    /// Returns when the rules may have changed since this returned last.
    pub(crate) async fn rules_changed(&self) {
        self.inner.rules_changed.notified().await;
    }

    /// Returns when the sealing keys may have changed since this returned last.
    pub(crate) async fn keys_changed(&self) {
        self.inner.keys_changed.notified().await;
    }

    fn forget_all_agents(&self) {
        self.inner.agents_generation.fetch_add(1, Ordering::AcqRel);
        self.inner.agents.invalidate_all();
    }
}
