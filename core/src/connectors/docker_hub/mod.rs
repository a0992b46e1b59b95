//! Browsing Docker Hub: namespaces, their repositories, and the tags of those. Whether one image exists is a question for
//! [`crate::connectors::registry`].
//!
//! - [`DockerHub`]: the questions; [`DockerHubClient`] asks, [`NoDockerHub`] says that it is switched off, [`FakeDockerHub`] is
//!   for tests
//! - [`BrowseCache`]: where answers are kept: [`MemoryCache`], or [`RedisCache`] for several servers together

mod client;
mod configured;
mod error;
mod fake;
mod json;
mod memory_cache;
mod redis_cache;
mod settings;
#[cfg(test)]
mod tests;
mod types;

use std::{fmt::Debug, time::Duration};

use async_trait::async_trait;

pub use client::DockerHubClient;
pub use configured::docker_hub;
pub use error::BrowseError;
pub use fake::{FakeDockerHub, NoDockerHub};
pub use memory_cache::MemoryCache;
pub use redis_cache::{RedisCache, RedisError};
pub use settings::BrowseSettings;
pub use types::{Namespace, Repository, Tag};

/// `query` narrows a list to names that contain it. Each list is one page of Docker Hub.
#[async_trait]
pub trait DockerHub: Debug + Send + Sync {
    async fn namespaces(&self, query: Option<&str>) -> Result<Vec<Namespace>, BrowseError>;

    async fn repositories(
        &self,
        namespace: &str,
        query: Option<&str>,
    ) -> Result<Vec<Repository>, BrowseError>;

    async fn tags(
        &self,
        namespace: &str,
        repository: &str,
        query: Option<&str>,
    ) -> Result<Vec<Tag>, BrowseError>;
}

/// Keeps answers as JSON, for a time. It never fails: what cannot be kept is asked for again.
#[async_trait]
pub trait BrowseCache: Debug + Send + Sync {
    async fn get(&self, key: &str) -> Option<String>;

    /// `ttl` is at least a second.
    async fn put(&self, key: &str, value: &str, ttl: Duration, audience: Audience);
}

/// Which users a cached answer may be given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    Everyone,
    /// Docker Hub gave it to our account. It stays in this process.
    OurAccount,
}
