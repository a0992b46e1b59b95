//! How long to wait before the next attempt.

use std::{fmt::Debug, sync::Arc, time::Duration};

use crate::{connectors::broker::settings::Reconnect, context::Random};

/// Keeps several servers from coming back in the same moment.
pub trait Jitter: Debug + Send + Sync {
    /// A random share, from 0 to 1.
    fn share(&self) -> f64;
}

/// From the program's source of randomness.
#[derive(Clone, Debug)]
pub struct RandomJitter(pub Arc<dyn Random>);

impl Jitter for RandomJitter {
    fn share(&self) -> f64 {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX)
    }
}

/// The same share each time, for tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct FixedJitter(pub f64);

impl Jitter for FixedJitter {
    fn share(&self) -> f64 {
        self.0
    }
}

#[derive(Debug)]
pub(super) struct Backoff<'a> {
    reconnect: Reconnect,
    jitter: &'a dyn Jitter,
    next: Duration,
}

impl<'a> Backoff<'a> {
    pub(super) fn new(reconnect: Reconnect, jitter: &'a dyn Jitter) -> Self {
        Self { reconnect, jitter, next: reconnect.first }
    }

    pub(super) fn reset(&mut self) {
        self.next = self.reconnect.first;
    }

    pub(super) fn next(&mut self) -> Duration {
        let full = self.next.min(self.reconnect.most);
        self.next = full.saturating_mul(2);
        full.mul_f64(1.0 - 0.5 * self.jitter.share().clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECONNECT: Reconnect =
        Reconnect { first: Duration::from_millis(100), most: Duration::from_millis(300) };

    #[test]
    fn waiting_times_double_up_to_the_limit_and_start_again_after_a_success() {
        let jitter = FixedJitter(0.0);
        let mut backoff = Backoff::new(RECONNECT, &jitter);
        let times: Vec<_> = (0..4).map(|_| backoff.next().as_millis()).collect();
        assert_eq!(times, [100, 200, 300, 300]);
        backoff.reset();
        assert_eq!(backoff.next().as_millis(), 100);
    }

    #[test]
    fn jitter_shortens_a_waiting_time_by_half_at_most() {
        let jitter = FixedJitter(1.0);
        assert_eq!(Backoff::new(RECONNECT, &jitter).next().as_millis(), 50);
    }
}
