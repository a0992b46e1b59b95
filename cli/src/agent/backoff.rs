//! How long to wait after a failure: twice as long each time, up to a limit, with randomness so that agents do not retry together.

use std::time::Duration;

#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    failures: u32,
}

impl Backoff {
    pub fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, failures: 0 }
    }

    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// `chance` is a random number from 0 to 1. It places the wait between half of the due time and all of it.
    pub fn next(&mut self, chance: f64) -> Duration {
        let due = self.first.saturating_mul(2u32.saturating_pow(self.failures.min(20))).min(self.longest);
        self.failures = self.failures.saturating_add(1);
        due.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_up_to_the_limit_and_begins_again_after_a_success() {
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(60));
        let waits: Vec<u64> = (0..8).map(|_| backoff.next(1.0).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        backoff.reset();
        assert_eq!(backoff.next(0.0), Duration::from_millis(500));
    }
}
