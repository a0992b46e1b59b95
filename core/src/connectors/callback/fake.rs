//! A receiver that answers as told, for tests.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;

use super::{Answer, Callback, CallbackSender, SendError};
use crate::connectors::outbound::OutboundError;

/// Accepts everything with 204, except for what it was told to answer.
#[derive(Debug, Default)]
pub struct FakeCallbackSender {
    answers: Mutex<VecDeque<Result<u16, OutboundError>>>,
    received: Mutex<Vec<Callback>>,
}

impl FakeCallbackSender {
    /// Sets what the next attempt gets that has no answer yet: a status, or the reason why there is none.
    pub fn then_answers(&self, answer: Result<u16, OutboundError>) {
        lock(&self.answers).push_back(answer);
    }

    /// Every attempt so far, including those without an answer.
    pub fn received(&self) -> Vec<Callback> {
        lock(&self.received).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl CallbackSender for FakeCallbackSender {
    async fn send(&self, callback: &Callback) -> Result<Answer, SendError> {
        lock(&self.received).push(callback.clone());
        let duration = Duration::from_millis(1);
        match lock(&self.answers).pop_front().unwrap_or(Ok(204)) {
            Ok(status) => Ok(Answer { status, body: String::new(), duration }),
            Err(reason) => Err(SendError { reason, duration }),
        }
    }
}
