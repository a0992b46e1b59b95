//! Docker Hub that is switched off, and a scripted one for tests.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;

use super::{BrowseError, DockerHub, Namespace, Repository, Tag};

/// What is there when Docker Hub is switched off.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoDockerHub;

#[async_trait]
impl DockerHub for NoDockerHub {
    async fn namespaces(&self, _query: Option<&str>) -> Result<Vec<Namespace>, BrowseError> {
        Err(BrowseError::Off)
    }

    async fn repositories(&self, _: &str, _: Option<&str>) -> Result<Vec<Repository>, BrowseError> {
        Err(BrowseError::Off)
    }

    async fn tags(&self, _: &str, _: &str, _: Option<&str>) -> Result<Vec<Tag>, BrowseError> {
        Err(BrowseError::Off)
    }
}

/// Answers with what it has, narrowed by name as Docker Hub does it, or with an error.
#[derive(Debug, Default)]
pub struct FakeDockerHub {
    pub namespaces: Vec<Namespace>,
    pub repositories: Vec<Repository>,
    pub tags: Vec<Tag>,
    error: Mutex<Option<BrowseError>>,
    asked: AtomicUsize,
}

impl FakeDockerHub {
    /// Sets the answer to all later questions; `None`: the lists again.
    pub fn fails_with(&self, error: Option<BrowseError>) {
        *self.error.lock().unwrap_or_else(PoisonError::into_inner) = error;
    }

    /// The number of questions so far.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn answer<T: Clone>(
        &self,
        list: &[T],
        query: Option<&str>,
        name: fn(&T) -> &str,
    ) -> Result<Vec<T>, BrowseError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if let Some(error) = *self.error.lock().unwrap_or_else(PoisonError::into_inner) {
            return Err(error);
        }
        Ok(list.iter().filter(|entry| name(entry).contains(query.unwrap_or_default())).cloned().collect())
    }
}

#[async_trait]
impl DockerHub for FakeDockerHub {
    async fn namespaces(&self, query: Option<&str>) -> Result<Vec<Namespace>, BrowseError> {
        self.answer(&self.namespaces, query, |namespace| &namespace.name)
    }

    async fn repositories(
        &self,
        namespace: &str,
        query: Option<&str>,
    ) -> Result<Vec<Repository>, BrowseError> {
        let found = self.answer(&self.repositories, query, |repository| &repository.name)?;
        Ok(found.into_iter().filter(|repository| repository.namespace == namespace).collect())
    }

    async fn tags(&self, _: &str, _: &str, query: Option<&str>) -> Result<Vec<Tag>, BrowseError> {
        self.answer(&self.tags, query, |tag| &tag.name)
    }
}
