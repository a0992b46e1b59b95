//! Checks that a provider responds before a browser is sent there; the answer is cached for all browsers.

use std::time::{Duration, Instant};

use moka::{Expiry, future::Cache};

/// How long a positive answer is cached.
const THERE_FOR: Duration = Duration::from_secs(5);
/// How long a negative answer is cached: shorter, because people try again.
const AWAY_FOR: Duration = Duration::from_secs(2);
/// The longest time that a page waits for the answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Simultaneous checks share one request.
#[derive(Debug)]
pub(super) struct Presence {
    answer: Cache<(), bool>,
    patience: Duration,
}

impl Presence {
    pub fn new() -> Self {
        let answer = Cache::builder().max_capacity(1).expire_after(ByAnswer).build();
        Self { answer, patience: PATIENCE }
    }

    /// `ask` requests the provider. A timeout counts as not responding.
    pub async fn or_ask(&self, ask: impl Future<Output = bool>) -> bool {
        let in_time = async { tokio::time::timeout(self.patience, ask).await.unwrap_or(false) };
        self.answer.get_with((), in_time).await
    }
}

struct ByAnswer;

impl Expiry<(), bool> for ByAnswer {
    fn expire_after_create(&self, (): &(), is_there: &bool, _: Instant) -> Option<Duration> {
        Some(if *is_there { THERE_FOR } else { AWAY_FOR })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn many_browsers_at_once_are_one_question() {
        let (presence, asked) = (Presence::new(), AtomicUsize::new(0));
        let ask = || async {
            asked.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            true
        };
        let answers = tokio::join!(presence.or_ask(ask()), presence.or_ask(ask()), presence.or_ask(ask()));
        assert_eq!((answers, asked.load(Ordering::SeqCst)), ((true, true, true), 1));
    }

    #[tokio::test]
    async fn no_answer_in_time_is_none() {
        let presence = Presence { patience: Duration::from_millis(5), ..Presence::new() };
        assert!(!presence.or_ask(std::future::pending()).await);
    }

    #[test]
    fn that_it_is_away_is_remembered_shorter() {
        let now = Instant::now();
        assert_eq!(ByAnswer.expire_after_create(&(), &true, now), Some(THERE_FOR));
        assert_eq!(ByAnswer.expire_after_create(&(), &false, now), Some(AWAY_FOR));
    }
}
