//! Asks once for many: identical questions share one request, and answers are kept for a while.

use std::{
    future::Future,
    hash::Hash,
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use domain::compose::ImageReference;
use moka::{Expiry, future::Cache};
use tokio::sync::Semaphore;

use super::{
    Registry,
    credential::{Credential, CredentialHash},
    error::LookUpError,
    facts::ImageFacts,
    place::Place,
    tags::Tags,
};

const KNOWN_FOR: Duration = Duration::from_secs(10 * 60);
/// Shorter, because an image may be pushed at any moment.
const FAILED_FOR: Duration = Duration::from_secs(30);
/// The time limit of one request, which all callers that wait for it share.
const PATIENCE: Duration = Duration::from_secs(15);
const MAX_IMAGES: u64 = 2_000;
/// In all repositories together; the names of tags are about 20 bytes long.
const MAX_TAGS: u64 = 500_000;
/// Questions at the same time.
const MAX_OPEN: usize = 32;

/// The request and the credential it was made with: an answer is only reused for the same credential.
type Key<K> = (K, Option<CredentialHash>);
type Answer<T> = Result<T, LookUpError>;

#[derive(Clone, Debug)]
pub struct CachedRegistry {
    inner: Arc<dyn Registry>,
    images: Cache<Key<Place>, Answer<ImageFacts>>,
    /// By registry and repository.
    tags: Cache<Key<(String, String)>, Answer<Tags>>,
    open: Arc<Semaphore>,
}

impl CachedRegistry {
    pub fn new(inner: Arc<dyn Registry>) -> Self {
        let weight = |_: &_, answer: &Answer<Tags>| {
            let tags = answer.as_ref().map_or(0, |tags| tags.names().len());
            u32::try_from(tags + 1).unwrap_or(u32::MAX)
        };
        Self {
            inner,
            images: Cache::builder().max_capacity(MAX_IMAGES).expire_after(ByAnswer).build(),
            tags: Cache::builder().max_capacity(MAX_TAGS).weigher(weight).expire_after(ByAnswer).build(),
            open: Arc::new(Semaphore::new(MAX_OPEN)),
        }
    }
}

#[async_trait]
impl Registry for CachedRegistry {
    async fn look_up(
        &self,
        image: &ImageReference,
        credential: Option<&Credential>,
        deadline: Instant,
    ) -> Answer<ImageFacts> {
        let key = (Place::of(image)?, credential.map(Credential::hash));
        let (inner, image, credential) = (self.inner.clone(), image.clone(), credential.cloned());
        let ask = async move { inner.look_up(&image, credential.as_ref(), Instant::now() + PATIENCE).await };
        shared(self.images.clone(), key, self.open.clone(), ask, deadline).await
    }

    async fn tags(
        &self,
        image: &ImageReference,
        credential: Option<&Credential>,
        deadline: Instant,
    ) -> Answer<Tags> {
        let place = Place::of(image)?;
        let key = ((place.registry, place.repository), credential.map(Credential::hash));
        let (inner, image, credential) = (self.inner.clone(), image.clone(), credential.cloned());
        let ask = async move { inner.tags(&image, credential.as_ref(), Instant::now() + PATIENCE).await };
        shared(self.tags.clone(), key, self.open.clone(), ask, deadline).await
    }
}

/// The question is a task of its own, so that one who stops waiting does not take the answer from the others, nor from who asks
/// next. It ends by itself after [`PATIENCE`].
async fn shared<K, T>(
    answers: Cache<K, Answer<T>>,
    key: K,
    open: Arc<Semaphore>,
    ask: impl Future<Output = Answer<T>> + Send + 'static,
    deadline: Instant,
) -> Answer<T>
where
    K: Hash + Eq + Send + Sync + 'static,
    T: Clone + Send + Sync + 'static,
{
    if let Some(answer) = answers.get(&key).await {
        return answer;
    }
    let ask = async move {
        let limited = async {
            let _permit = open.acquire_owned().await;
            ask.await
        };
        tokio::time::timeout(PATIENCE, limited).await.unwrap_or(Err(LookUpError::TimedOut))
    };
    let question = tokio::spawn(async move { answers.get_with(key, ask).await });
    match tokio::time::timeout_at(deadline.into(), question).await {
        Ok(Ok(answer)) => answer,
        // The task ends before its answer only when the whole server stops.
        Ok(Err(_)) => Err(LookUpError::Unreachable("was not asked: the server is stopping".to_owned())),
        Err(_) => Err(LookUpError::TimedOut),
    }
}

struct ByAnswer;

impl<K, T> Expiry<K, Answer<T>> for ByAnswer {
    fn expire_after_create(&self, _: &K, answer: &Answer<T>, _: Instant) -> Option<Duration> {
        Some(match answer {
            Ok(_) => KNOWN_FOR,
            Err(LookUpError::RateLimited { retry_after }) => FAILED_FOR.min(*retry_after),
            Err(_) => FAILED_FOR,
        })
    }
}
