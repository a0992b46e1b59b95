//! Wakes agents, pages and clients that wait for something. One [`Hub`] per server, fed by one LISTEN connection.
//!
//! A waiting agent costs one map entry and no query: it registers, checks whether its channel is known to have work, and sleeps.
//! This knowledge comes from NOTIFY, and from one query after each (re)connection. A notification is only a hint: what is claimed
//! or read is decided in the database.
//!
//! - [`channels`](self::channels): waiting agents, and channels with work
//! - [`Subscription`]: pages and clients that wait for news of a deployment or a project
//! - [`listener`](self::listener): the connection, and how it is restored when it breaks

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

/// The number of agents whose credentials are cached; others are looked up again.
const REMEMBERED_AGENTS: u64 = 50_000;

/// The topic of the hosts of an account. A deployment hash, which is a topic itself, contains no space.
fn topic_of_hosts(user_id: &str) -> String {
    format!("hosts of {user_id}")
}

/// The topic of the versions of a project.
fn topic_of_project(project: impl std::fmt::Display) -> String {
    format!("project {project}")
}

/// Cheap to clone.
#[derive(Clone, Debug)]
pub struct Hub {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    channels: channels::Channels,
    subscriptions: subscriptions::Subscriptions,
    /// Agents by id. Trusted only while the LISTEN connection works, because it reports changes of agents.
    agents: Cache<Uuid, Arc<AgentRecord>>,
    /// Increases whenever an agent changes: records read before the change are not cached.
    agents_generation: AtomicU64,
    /// Increases whenever an access token is revoked.
    tokens_generation: AtomicU64,
    /// Notified when the rules change.
    rules_changed: Notify,
    /// Notified when a key is added or removed, or another key becomes active.
    keys_changed: Notify,
    /// Notified when a callback is written.
    callbacks_waiting: Notify,
    listening: AtomicBool,
    stopping: CancellationToken,
    /// Work that outlives its request: claiming commands and releasing them.
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
                callbacks_waiting: Notify::new(),
                listening: AtomicBool::new(false),
                stopping: CancellationToken::new(),
                tasks: TaskTracker::new(),
            }),
        }
    }

    /// Registers a poll for commands. Call this before the first claim, so that no notification is missed.
    pub fn wait_on(&self, channel: &str) -> Waiter {
        self.inner.channels.register(channel)
    }

    /// There may be a command to claim.
    pub fn work_on(&self, channel: &str) {
        self.inner.channels.work_on(channel);
    }

    /// Leases of delivered commands have expired: the next poll takes these commands back first.
    pub fn overdue_on(&self, channel: &str) {
        self.inner.channels.overdue_on(channel);
    }

    /// Subscribes to the news of a deployment.
    pub fn deployment_events(&self, deployment_hash: &str) -> Subscription {
        self.inner.subscriptions.subscribe(deployment_hash)
    }

    /// Subscribes to the news of all hosts of an account.
    pub fn host_events(&self, user_id: &str) -> Subscription {
        self.inner.subscriptions.subscribe(&topic_of_hosts(user_id))
    }

    /// Subscribes to new versions of a project.
    pub fn project_versions(&self, project: i32) -> Subscription {
        self.inner.subscriptions.subscribe(&topic_of_project(project))
    }

    /// Cancelled when the server stops: every wait ends at once.
    pub fn stopping(&self) -> &CancellationToken {
        &self.inner.stopping
    }

    /// The number of waiting agents.
    pub fn waiting(&self) -> usize {
        self.inner.channels.waiting()
    }

    /// Whether no work of an earlier request is still running.
    pub fn is_settled(&self) -> bool {
        self.inner.tasks.is_empty()
    }

    /// Work that must end before the database is closed.
    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.inner.tasks
    }

    /// Whether the LISTEN connection works. Otherwise cached data is not trusted.
    pub fn is_listening(&self) -> bool {
        self.inner.listening.load(Ordering::Acquire)
    }

    pub(crate) fn remembered_agent(&self, id: Uuid) -> Option<Arc<AgentRecord>> {
        self.is_listening().then(|| self.inner.agents.get(&id)).flatten()
    }

    pub(crate) fn agents_generation(&self) -> u64 {
        self.inner.agents_generation.load(Ordering::Acquire)
    }

    /// Caches the agent, unless an agent has changed since `generation`: then the record may be outdated.
    pub(crate) fn remember_agent(&self, generation: u64, agent: Arc<AgentRecord>) {
        self.inner.agents.insert(agent.id, agent.clone());
        if self.agents_generation() != generation {
            self.inner.agents.invalidate(&agent.id);
            // That change may have come before the agent was cached, so the waiter was not woken for it.
            self.inner.channels.agent_changed(&agent.channel);
        }
    }

    pub(crate) fn forget_agent(&self, id: Uuid) {
        self.inner.agents_generation.fetch_add(1, Ordering::AcqRel);
        if let Some(agent) = self.inner.agents.remove(&id) {
            self.inner.channels.agent_changed(&agent.channel);
        }
    }

    /// Data cached about a token under another generation is not trusted.
    pub(crate) fn tokens_generation(&self) -> u64 {
        self.inner.tokens_generation.load(Ordering::Acquire)
    }

    pub(crate) fn forget_tokens(&self) {
        self.inner.tokens_generation.fetch_add(1, Ordering::AcqRel);
    }

    /// Returns when the rules may have changed since the last return.
    pub(crate) async fn rules_changed(&self) {
        self.inner.rules_changed.notified().await;
    }

    /// Returns when the sealing keys may have changed since the last return.
    pub(crate) async fn keys_changed(&self) {
        self.inner.keys_changed.notified().await;
    }

    /// Returns when callbacks may have been written since the last return.
    pub(crate) async fn callbacks_waiting(&self) {
        self.inner.callbacks_waiting.notified().await;
    }

    fn forget_all_agents(&self) {
        self.inner.agents_generation.fetch_add(1, Ordering::AcqRel);
        self.inner.agents.invalidate_all();
    }
}
