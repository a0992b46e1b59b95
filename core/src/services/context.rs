//! What use cases take from outside: time, randomness, ids.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use domain::{access::Caller, audit::AuditOutcome};
use rand::{RngCore, SeedableRng, rngs::StdRng};
use serde_json::json;
use uuid::{Builder, Uuid};

use crate::{
    clock::{Clock, SystemClock},
    db::audit_log::AuditEntry,
};

/// Random bytes that nobody can guess, and the ids made of them.
pub trait Random: Debug + Send + Sync {
    fn fill(&self, bytes: &mut [u8]);

    fn uuid_v4(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        Builder::from_random_bytes(bytes).into_uuid()
    }

    /// Sorts by the time given.
    fn uuid_v7(&self, now: DateTime<Utc>) -> Uuid {
        let mut bytes = [0; 10];
        self.fill(&mut bytes);
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
}

/// The generator of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's generator is asked")]
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

/// The same bytes for the same seed: for tests.
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

#[derive(Clone, Debug)]
pub struct Context {
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

impl Context {
    /// The clock and the generator of the machine.
    pub fn of_the_machine() -> Self {
        Self { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom) }
    }

    /// That something was done now; by whom, to what and with which details is added by who knows.
    pub(super) fn audited<'a>(&self, action: &'a str) -> AuditEntry<'a> {
        let now = self.clock.now();
        AuditEntry {
            id: self.random.uuid_v7(now),
            action,
            outcome: AuditOutcome::Success,
            agent_id: None,
            user_id: None,
            client_id: None,
            owner_id: None,
            deployment_hash: None,
            details: json!({}),
            address: None,
            now,
        }
    }

    /// The same, done by a caller, from where they asked.
    pub(super) fn audited_by<'a>(&self, caller: &'a Caller, action: &'a str) -> AuditEntry<'a> {
        AuditEntry {
            user_id: Some(&caller.user_id),
            client_id: caller.client,
            address: caller.address,
            ..self.audited(action)
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

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
