//! Event streams that pages and clients hold open, and how many of them one account may have.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::problem::{Extra, Problem, ProblemKind, UseCaseError};
use tokio_util::sync::CancellationToken;

use crate::dispatch::Subscription;

/// The most open streams of one account and one kind on one server. A page holds one.
const MAX_STREAMS: usize = 20;
/// A stream ends after this time. The page then connects again, with the rights that its user has by then.
const LONGEST: Duration = Duration::from_secs(3600);
/// In seconds; a page that is closed frees its stream at once.
const RETRY_AFTER: u32 = 30;

#[derive(Debug, thiserror::Error)]
#[error("too many open event streams: close some pages")]
pub struct TooManyStreams;

impl UseCaseError for TooManyStreams {
    fn problem(&self) -> Problem {
        Problem::new(ProblemKind::TooManyStreams, "too-many-streams", self)
            .with(Extra::RetryAfter(RETRY_AFTER))
    }
}

/// How many streams each account has open on this server.
#[derive(Clone, Debug, Default)]
pub struct OpenStreams {
    by_user: Arc<Mutex<HashMap<String, usize>>>,
}

/// One open stream of an account. Dropping it frees its place.
#[derive(Debug)]
pub struct OpenStream {
    news: Subscription,
    stopping: CancellationToken,
    ends_at: tokio::time::Instant,
    _slot: Slot,
}

#[derive(Debug)]
struct Slot {
    user_id: String,
    streams: OpenStreams,
}

impl OpenStreams {
    pub fn open(
        &self,
        user_id: &str,
        news: Subscription,
        stopping: &CancellationToken,
    ) -> Result<OpenStream, TooManyStreams> {
        let slot = self.take(user_id).ok_or(TooManyStreams)?;
        let ends_at = tokio::time::Instant::now() + LONGEST;
        Ok(OpenStream { news, stopping: stopping.clone(), ends_at, _slot: slot })
    }

    fn take(&self, user_id: &str) -> Option<Slot> {
        let mut by_user = self.by_user.lock().unwrap_or_else(PoisonError::into_inner);
        let open = by_user.entry(user_id.to_owned()).or_default();
        if *open >= MAX_STREAMS {
            return None;
        }
        *open += 1;
        Some(Slot { user_id: user_id.to_owned(), streams: self.clone() })
    }
}

impl OpenStream {
    /// Returns when there may be news. `None`: the stream must end, because the server stops or the time is up.
    pub async fn news(&mut self) -> Option<()> {
        tokio::select! {
            () = self.stopping.cancelled() => None,
            () = tokio::time::sleep_until(self.ends_at) => None,
            () = self.news.changed() => Some(()),
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut by_user = self.streams.by_user.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = by_user.get_mut(&self.user_id) {
            *open -= 1;
            if *open == 0 {
                by_user.remove(&self.user_id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_so_many_streams_and_gets_back_what_it_closed() {
        let streams = OpenStreams::default();
        let mut held: Vec<_> = (0..MAX_STREAMS).map(|_| streams.take("ada").unwrap()).collect();
        assert!(streams.take("ada").is_none());
        assert!(streams.take("bob").is_some());
        held.pop();
        assert!(streams.take("ada").is_some());
        drop(held);
        assert!(streams.by_user.lock().unwrap().is_empty());
    }
}
