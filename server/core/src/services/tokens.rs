//! Bearers for API clients: shown once, kept as SHA-256.

use std::time::Duration;

use domain::access::{Action, Caller, Resource, may};
use moka::future::Cache as MokaCache;
use secrecy::ExposeSecret;
use sqlx::PgPool;

use super::Context;
use crate::{
    crypto::{TokenHash, random_secret, token_hash},
    db::access_tokens::{self, NewAccessToken},
};

/// How a bearer of ours begins, so that secret scanners and we know one when we see it.
const PREFIX: &str = "stk_";
const MAX_LABEL_CHARACTERS: usize = 100;
/// A bearer that was taken away works no longer than this.
const CACHED_FOR: Duration = Duration::from_secs(10);
const CACHED_AT_MOST: u64 = 10_000;

/// Callers by the hash of their bearer: API clients send the same one again and again.
pub(super) type Cache = MokaCache<TokenHash, Caller>;

pub(super) fn new_cache() -> Cache {
    MokaCache::builder().max_capacity(CACHED_AT_MOST).time_to_live(CACHED_FOR).build()
}

#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("your role may not make access tokens")]
    Forbidden,
    #[error("a token needs a name of 1 to {MAX_LABEL_CHARACTERS} characters")]
    NameInvalid,
    #[error("the access token could not be kept or looked up")]
    Internal(#[from] anyhow::Error),
}

#[derive(Clone, Debug)]
pub struct Tokens {
    pool: PgPool,
    context: Context,
    cache: Cache,
}

impl Tokens {
    pub(super) fn new(pool: PgPool, context: Context, cache: Cache) -> Self {
        Self { pool, context, cache }
    }

    /// The bearer, `stk_…`, which acts as the caller. Nobody can show it again.
    pub async fn create(&self, caller: &Caller, name: &str) -> Result<String, TokenError> {
        // Whoever may make projects may let a program make them.
        if !may(caller, Resource::Project, Action::Create) {
            return Err(TokenError::Forbidden);
        }
        let label = name.trim();
        if label.is_empty() || label.chars().count() > MAX_LABEL_CHARACTERS {
            return Err(TokenError::NameInvalid);
        }
        let bearer = random_secret(self.context.random.as_ref(), PREFIX);
        let now = self.context.clock.now();
        let token = NewAccessToken {
            id: self.context.random.uuid_v7(now),
            hash: token_hash(bearer.expose_secret()),
            label,
            owner: caller,
            created_at: now,
        };
        access_tokens::insert(&self.pool, token).await?;
        Ok(bearer.expose_secret().to_owned())
    }

    /// `None` for a bearer that is not ours. Asks the database at most every ten seconds for the same bearer.
    pub async fn find(&self, bearer: &str) -> Result<Option<Caller>, TokenError> {
        if !bearer.starts_with(PREFIX) {
            return Ok(None);
        }
        let hash = token_hash(bearer);
        if let Some(caller) = self.cache.get(&hash).await {
            return Ok(Some(caller));
        }
        let found = access_tokens::find(&self.pool, &hash).await?;
        if let Some(caller) = &found {
            self.cache.insert(hash, caller.clone()).await;
        }
        Ok(found)
    }
}
