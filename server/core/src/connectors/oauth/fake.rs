//! A provider in memory, for tests.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use domain::access::Caller;

use super::{LookupError, UserLookup};

/// Knows the bearers it was told, refuses all others; or is away.
#[derive(Debug)]
pub struct FakeLookup {
    /// Null while it is away.
    known: Mutex<Option<BTreeMap<String, Caller>>>,
    asked: AtomicUsize,
}

impl FakeLookup {
    pub fn knowing(bearer: &str, caller: Caller) -> Self {
        Self {
            known: Mutex::new(Some(BTreeMap::from([(bearer.to_owned(), caller)]))),
            asked: AtomicUsize::new(0),
        }
    }

    pub fn away() -> Self {
        Self { known: Mutex::new(None), asked: AtomicUsize::new(0) }
    }

    pub fn comes_back_knowing(&self, bearer: &str, caller: Caller) {
        *self.lock() = Some(BTreeMap::from([(bearer.to_owned(), caller)]));
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn lock(&self) -> MutexGuard<'_, Option<BTreeMap<String, Caller>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl UserLookup for FakeLookup {
    async fn me(&self, bearer: &str) -> Result<Caller, LookupError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        // Others who ask with the same bearer come in before this one is answered.
        tokio::task::yield_now().await;
        let known = self.lock();
        let known = known.as_ref().ok_or(LookupError::Unavailable)?;
        known.get(bearer).cloned().ok_or(LookupError::Refused)
    }
}
