//! What a consumer has counted since the program started.

use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Debug, Default)]
pub struct ConsumerMetrics {
    consumed: AtomicU64,
    redelivered: AtomicU64,
    dead_lettered: AtomicU64,
    retries: AtomicU64,
}

/// The numbers at one moment; all are counts of messages, but `retries`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ConsumerCounts {
    /// Handled successfully.
    pub consumed: u64,
    /// Received, marked by the broker as delivered before.
    pub redelivered: u64,
    /// Given up by the handler. Those that the broker gave up at the delivery limit are only in the queue of dead letters.
    pub dead_lettered: u64,
    /// How often a handler has asked for another try.
    pub retries: u64,
}

impl ConsumerMetrics {
    pub fn counts(&self) -> ConsumerCounts {
        ConsumerCounts {
            consumed: self.consumed.load(Ordering::Relaxed),
            redelivered: self.redelivered.load(Ordering::Relaxed),
            dead_lettered: self.dead_lettered.load(Ordering::Relaxed),
            retries: self.retries.load(Ordering::Relaxed),
        }
    }

    pub(super) fn consumed(&self) {
        self.consumed.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn redelivered(&self) {
        self.redelivered.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn dead_lettered(&self) {
        self.dead_lettered.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn retried(&self) {
        self.retries.fetch_add(1, Ordering::Relaxed);
    }
}
