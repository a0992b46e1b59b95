//! Time, randomness and ids, passed to everything that needs them, so that tests can set the time and repeat the ids.
//!
//! `clippy.toml` forbids the ambient sources (`Utc::now`, `Uuid::new_v4`, `rand::rng`, …); [`SystemClock`] and
//! [`SystemRandom`] are the only places that use them.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use rand::{RngCore, SeedableRng, rngs::StdRng};
use uuid::{Builder, Uuid};

/// Where time, randomness and ids come from. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Context {
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

impl Context {
    /// The clock and the random generator of this machine.
    pub fn of_the_machine() -> Self {
        Self { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom) }
    }
}

pub trait Clock: Debug + Send + Sync {
    /// The current time in whole microseconds, the precision of PostgreSQL, so that a stored time equals the time read back.
    fn now(&self) -> DateTime<Utc>;
}

/// The clock of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> DateTime<Utc> {
        DateTime::<Utc>::from(SystemTime::now()).trunc_subsecs(6)
    }
}

/// A clock for tests: it stands still until a test advances it.
#[derive(Debug)]
pub struct ManualClock {
    now: Mutex<DateTime<Utc>>,
}

impl ManualClock {
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { now: Mutex::new(now.trunc_subsecs(6)) }
    }

    pub fn advance(&self, by: TimeDelta) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Default for ManualClock {
    /// 2026-01-01 00:00:00 UTC.
    fn default() -> Self {
        Self::at(DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_454))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Unpredictable random bytes, and the ids made from them.
pub trait Random: Debug + Send + Sync {
    fn fill(&self, bytes: &mut [u8]);

    fn uuid_v4(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        Builder::from_random_bytes(bytes).into_uuid()
    }

    /// An id that sorts by `now`.
    fn uuid_v7(&self, now: DateTime<Utc>) -> Uuid {
        let mut bytes = [0; 10];
        self.fill(&mut bytes);
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
}

/// The random generator of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(clippy::disallowed_methods, reason = "the one place that uses the machine's generator")]
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

/// A generator for tests: the same seed gives the same bytes.
#[derive(Debug)]
pub struct SeededRandom {
    generator: Mutex<StdRng>,
}

impl SeededRandom {
    pub fn new(seed: u64) -> Self {
        Self { generator: Mutex::new(StdRng::seed_from_u64(seed)) }
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        self.generator.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_version_7_sort_by_time() {
        let random = SeededRandom::new(1);
        let earlier = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_000);
        let later = earlier + TimeDelta::milliseconds(1);
        assert!(random.uuid_v7(earlier) < random.uuid_v7(later));
        assert_eq!(random.uuid_v4().get_version_num(), 4);
    }

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        assert_eq!(SeededRandom::new(7).uuid_v4(), SeededRandom::new(7).uuid_v4());
        assert_ne!(SystemRandom.uuid_v4(), SystemRandom.uuid_v4());
    }
}
