//! Caches answers of the provider for a short time, under a hash of the bearer token, so that no token stays in memory.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use domain::access::Caller;
use moka::{Expiry, future::Cache};

use crate::{
    connectors::oauth::lookup::{LookupError, UserLookup},
    crypto::{TokenHash, token_hash},
};

const KNOWN_FOR: Duration = Duration::from_secs(60);
/// Shorter, because access may be granted at any moment.
const REFUSED_FOR: Duration = Duration::from_secs(10);
const AT_MOST: u64 = 10_000;

/// `None`: the token was refused.
type Answer = Option<Caller>;

/// Simultaneous requests with the same bearer token cause one request to the provider. A missing answer is not cached.
#[derive(Debug)]
pub struct CachedLookup {
    inner: Arc<dyn UserLookup>,
    answers: Cache<TokenHash, Answer>,
}

impl CachedLookup {
    pub fn new(inner: Arc<dyn UserLookup>) -> Self {
        let answers = Cache::builder().max_capacity(AT_MOST).expire_after(ByAnswer).build();
        Self { inner, answers }
    }
}

#[async_trait]
impl UserLookup for CachedLookup {
    async fn me(&self, bearer: &str) -> Result<Caller, LookupError> {
        let ask = async {
            match self.inner.me(bearer).await {
                Ok(caller) => Ok(Some(caller)),
                Err(LookupError::Refused) => Ok(None),
                Err(LookupError::Unavailable) => Err(LookupError::Unavailable),
            }
        };
        match self.answers.try_get_with(token_hash(bearer), ask).await {
            Ok(answer) => answer.ok_or(LookupError::Refused),
            Err(error) => Err(*error),
        }
    }
}

struct ByAnswer;

impl Expiry<TokenHash, Answer> for ByAnswer {
    fn expire_after_create(&self, _: &TokenHash, answer: &Answer, _: Instant) -> Option<Duration> {
        Some(if answer.is_some() { KNOWN_FOR } else { REFUSED_FOR })
    }
}

#[cfg(test)]
mod tests {
    use super::{super::FakeLookup, *};
    use crate::local_operator::local_operator;

    #[tokio::test]
    async fn many_requests_with_one_bearer_ask_the_provider_once() {
        let provider = Arc::new(FakeLookup::knowing("abc", local_operator()));
        let lookup = CachedLookup::new(provider.clone());
        let (one, two, three) = tokio::join!(lookup.me("abc"), lookup.me("abc"), lookup.me("abc"));
        assert_eq!((one.clone(), two, three), (Ok(local_operator()), one.clone(), one));
        assert_eq!(provider.asked(), 1);
    }

    #[tokio::test]
    async fn a_refusal_is_remembered_too() {
        let provider = Arc::new(FakeLookup::knowing("abc", local_operator()));
        let lookup = CachedLookup::new(provider.clone());
        assert_eq!(lookup.me("other").await, Err(LookupError::Refused));
        assert_eq!(lookup.me("other").await, Err(LookupError::Refused));
        assert_eq!(provider.asked(), 1);
    }

    #[tokio::test]
    async fn that_the_provider_is_away_is_not_remembered() {
        let provider = Arc::new(FakeLookup::away());
        let lookup = CachedLookup::new(provider.clone());
        assert_eq!(lookup.me("abc").await, Err(LookupError::Unavailable));
        provider.comes_back_knowing("abc", local_operator());
        assert_eq!(lookup.me("abc").await, Ok(local_operator()));
    }

    #[test]
    fn refusals_are_remembered_shorter_than_callers() {
        let now = Instant::now();
        let hash = token_hash("abc");
        assert_eq!(ByAnswer.expire_after_create(&hash, &Some(local_operator()), now), Some(KNOWN_FOR));
        assert_eq!(ByAnswer.expire_after_create(&hash, &None, now), Some(REFUSED_FOR));
    }
}
