//! Scripted registries, for tests.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use async_trait::async_trait;
use domain::compose::ImageReference;

use super::{Credential, ImageFacts, LookUpError, Registry, Tags};

/// Answers about the images it was told about; everything else is [`LookUpError::NotReadable`]. Images are compared as written.
#[derive(Debug, Default)]
pub struct FakeRegistry {
    images: Mutex<BTreeMap<String, Result<ImageFacts, LookUpError>>>,
    /// By the reference without tag and digest.
    tags: Mutex<BTreeMap<String, Result<Tags, LookUpError>>>,
    asked: AtomicUsize,
}

impl FakeRegistry {
    pub fn says(&self, image: &str, answer: Result<ImageFacts, LookUpError>) {
        lock(&self.images).insert(image.to_owned(), answer);
    }

    /// `repository` is an image without a tag.
    pub fn has_tags(&self, repository: &str, answer: Result<Tags, LookUpError>) {
        lock(&self.tags).insert(repository.to_owned(), answer);
    }

    /// The number of questions so far.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Registry for FakeRegistry {
    async fn look_up(
        &self,
        image: &ImageReference,
        _credential: Option<&Credential>,
        _deadline: Instant,
    ) -> Result<ImageFacts, LookUpError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        // Lets other questions arrive before this one is answered.
        tokio::task::yield_now().await;
        lock(&self.images).get(&image.text).cloned().unwrap_or(Err(LookUpError::NotReadable))
    }

    async fn tags(
        &self,
        image: &ImageReference,
        _credential: Option<&Credential>,
        _deadline: Instant,
    ) -> Result<Tags, LookUpError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        let repository = image.with_tag("").text;
        lock(&self.tags).get(&repository).cloned().unwrap_or(Err(LookUpError::NotReadable))
    }
}
