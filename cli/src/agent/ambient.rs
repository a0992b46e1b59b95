//! Clock, ids and randomness: the only place in this crate that takes them from the system.

use chrono::{DateTime, Utc};
use uuid::Uuid;

#[expect(clippy::disallowed_methods, reason = "this is where the clock comes from")]
pub fn now() -> DateTime<Utc> {
    DateTime::from(std::time::SystemTime::now())
}

#[expect(clippy::disallowed_methods, reason = "this is where ids come from")]
pub fn new_id() -> Uuid {
    Uuid::new_v4()
}

/// A uniformly distributed number from 0 to 1.
#[expect(clippy::disallowed_methods, reason = "this is where chance comes from")]
pub fn chance() -> f64 {
    rand::random::<f64>()
}
