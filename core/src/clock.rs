//! What time it is. Everything asks a [`Clock`], so that tests can set it.

use std::{
    fmt::Debug,
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

pub trait Clock: Debug + Send + Sync {
    /// In whole microseconds, as PostgreSQL keeps them: what was stored compares equal to what is read back.
    fn now(&self) -> DateTime<Utc>;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
    fn now(&self) -> DateTime<Utc> {
        DateTime::<Utc>::from(SystemTime::now()).trunc_subsecs(6)
    }
}

/// Stands still until it is told otherwise: for tests.
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
