//! A broker in memory, for tests.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::{sync::watch, time::Instant};

use crate::connectors::broker::{
    publication::{Broker, Publication, PublishError},
    state::BrokerState,
};

/// What the fake does with a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FakeAnswer {
    #[default]
    Confirm,
    Fail(PublishError),
    /// Nothing, until another answer is set; then that.
    Hang,
}

/// Connected from the start.
#[derive(Debug)]
pub struct FakeBroker {
    published: Mutex<Vec<Publication>>,
    answer: watch::Sender<FakeAnswer>,
    state: watch::Sender<BrokerState>,
    attempts: watch::Sender<usize>,
}

impl Default for FakeBroker {
    fn default() -> Self {
        Self {
            published: Mutex::default(),
            answer: watch::Sender::default(),
            state: watch::Sender::new(BrokerState::Connected { since: Instant::now() }),
            attempts: watch::Sender::default(),
        }
    }
}

impl FakeBroker {
    /// The answer from now on, also to those who wait.
    pub fn answer(&self, answer: FakeAnswer) {
        self.answer.send_replace(answer);
    }

    /// Messages are not taken, and the state says why.
    pub fn go_down(&self, reason: &str) {
        self.answer(FakeAnswer::Fail(PublishError::Unavailable(reason.to_owned())));
        self.state.send_replace(BrokerState::Down { since: Instant::now(), reason: reason.into() });
    }

    pub fn come_back(&self) {
        self.answer(FakeAnswer::Confirm);
        self.state.send_replace(BrokerState::Connected { since: Instant::now() });
    }

    /// The confirmed messages, oldest first.
    pub fn published(&self) -> Vec<Publication> {
        self.lock().clone()
    }

    /// Waits until `publish` was called this often in all.
    pub async fn attempted(&self, times: usize) {
        // The sender lives as long as this.
        let _ = self.attempts.subscribe().wait_for(|attempts| *attempts >= times).await;
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Publication>> {
        self.published.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Broker for FakeBroker {
    async fn publish(&self, publication: Publication) -> Result<(), PublishError> {
        self.attempts.send_modify(|attempts| *attempts += 1);
        let mut answers = self.answer.subscribe();
        let answer = match answers.wait_for(|answer| *answer != FakeAnswer::Hang).await {
            Ok(answer) => answer.clone(),
            Err(_) => FakeAnswer::Fail(PublishError::TimedOut),
        };
        if let FakeAnswer::Fail(error) = answer {
            return Err(error);
        }
        self.lock().push(publication);
        Ok(())
    }

    fn state(&self) -> watch::Receiver<BrokerState> {
        self.state.subscribe()
    }
}
