//! The cache of one process.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use moka::{Expiry, sync::Cache};

use super::{Audience, BrowseCache};

const MAX_BYTES: u64 = 16 * 1024 * 1024;

#[derive(Debug)]
pub struct MemoryCache {
    answers: Cache<String, (String, Duration)>,
}

impl Default for MemoryCache {
    fn default() -> Self {
        let weight = |key: &String, (value, _): &(String, Duration)| {
            u32::try_from(key.len() + value.len()).unwrap_or(u32::MAX)
        };
        Self { answers: Cache::builder().max_capacity(MAX_BYTES).weigher(weight).expire_after(ByTtl).build() }
    }
}

#[async_trait]
impl BrowseCache for MemoryCache {
    async fn get(&self, key: &str) -> Option<String> {
        self.answers.get(key).map(|(value, _)| value)
    }

    async fn put(&self, key: &str, value: &str, ttl: Duration, _audience: Audience) {
        self.answers.insert(key.to_owned(), (value.to_owned(), ttl));
    }
}

struct ByTtl;

impl Expiry<String, (String, Duration)> for ByTtl {
    fn expire_after_create(&self, _: &String, (_, ttl): &(String, Duration), _: Instant) -> Option<Duration> {
        Some(*ttl)
    }

    fn expire_after_update(
        &self,
        _: &String,
        (_, ttl): &(String, Duration),
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(*ttl)
    }
}
