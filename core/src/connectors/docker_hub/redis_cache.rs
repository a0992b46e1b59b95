//! The cache of several servers together. When Redis is down, the cache of this process serves, and the log says so once.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use redis::{
    Client, Cmd, FromRedisValue,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use secrecy::{ExposeSecret as _, SecretString};

use super::{Audience, BrowseCache, MemoryCache};

/// A page waits for the answer, and Docker Hub itself answers within a second.
const TIMEOUT: Duration = Duration::from_millis(300);
/// How long Redis is left alone after it has failed.
const PAUSE: Duration = Duration::from_secs(5);

pub struct RedisCache {
    connection: ConnectionManager,
    /// Has what Redis has been given by this process, and what Redis must not be given.
    memory: MemoryCache,
    state: Mutex<State>,
    pause: Duration,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Up,
    /// The log has said so.
    DownUntil(Instant),
}

/// The address of Redis cannot be used. The text does not hold it, because it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the address of Redis is not usable")]
pub struct RedisError;

impl RedisCache {
    /// `url` is `redis://…`, `rediss://…` (TLS) or `unix:/path`. Nothing is connected before the first question. To be called
    /// inside a Tokio runtime.
    pub fn new(url: &SecretString) -> Result<Self, RedisError> {
        Self::pausing(url, PAUSE)
    }

    pub(super) fn pausing(url: &SecretString, pause: Duration) -> Result<Self, RedisError> {
        let client = Client::open(url.expose_secret()).map_err(|_| RedisError)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT))
            .set_number_of_retries(0);
        let connection = ConnectionManager::new_lazy_with_config(client, config).map_err(|_| RedisError)?;
        Ok(Self { connection, memory: MemoryCache::default(), state: Mutex::new(State::Up), pause })
    }

    /// `None` while Redis is down.
    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Option<T> {
        if matches!(*self.state(), State::DownUntil(until) if Instant::now() < until) {
            return None;
        }
        let mut connection = self.connection.clone();
        // The manager's timeouts do not cover the time that it waits for a connection of another question.
        let answer = tokio::time::timeout(2 * TIMEOUT, command.query_async(&mut connection)).await;
        match answer {
            Ok(Ok(answer)) => {
                self.came_back();
                Some(answer)
            }
            Ok(Err(error)) => {
                // Only the kind: the text may hold the address.
                self.failed(&format!("{:?}", error.kind()));
                None
            }
            Err(_) => {
                self.failed("no answer in time");
                None
            }
        }
    }

    fn came_back(&self) {
        let mut state = self.state();
        if matches!(*state, State::DownUntil(_)) {
            *state = State::Up;
            tracing::info!("Redis answers again: lists of Docker Hub are shared between servers");
        }
    }

    fn failed(&self, reason: &str) {
        let mut state = self.state();
        if matches!(*state, State::Up) {
            tracing::warn!(reason, "Redis does not answer: this server keeps lists of Docker Hub to itself");
        }
        *state = State::DownUntil(Instant::now() + self.pause);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl BrowseCache for RedisCache {
    async fn get(&self, key: &str) -> Option<String> {
        let kept: Option<Option<String>> = self.ask(Cmd::new().arg("GET").arg(key)).await;
        match kept.flatten() {
            Some(value) => Some(value),
            None => self.memory.get(key).await,
        }
    }

    async fn put(&self, key: &str, value: &str, ttl: Duration, audience: Audience) {
        self.memory.put(key, value, ttl, audience).await;
        if audience == Audience::Everyone {
            let seconds = ttl.as_secs().max(1);
            let _kept: Option<()> =
                self.ask(Cmd::new().arg("SET").arg(key).arg(value).arg("EX").arg(seconds)).await;
        }
    }
}

impl fmt::Debug for RedisCache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RedisCache").field("state", &*self.state()).finish_non_exhaustive()
    }
}
