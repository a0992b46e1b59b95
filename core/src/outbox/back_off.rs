//! How long a message waits after a failed attempt.

use chrono::TimeDelta;

use crate::context::Context;

const LONGEST: TimeDelta = TimeDelta::minutes(5);

/// Waits 2, 4, 8, … seconds, at most five minutes, plus up to a quarter, so that retries do not all happen at once. `attempts`:
/// failed ones before this one.
pub fn back_off(attempts: i32, context: &Context) -> TimeDelta {
    let seconds = 2_i64.saturating_pow(attempts.clamp(0, 16).unsigned_abs() + 1);
    let wait = TimeDelta::seconds(seconds).min(LONGEST);
    let mut byte = [0];
    context.random.fill(&mut byte);
    wait + wait * i32::from(byte[0]) / 1024
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::context::{ManualClock, SeededRandom};

    #[test]
    fn who_fails_often_waits_longer_but_not_for_ever() {
        let context =
            Context { clock: Arc::new(ManualClock::default()), random: Arc::new(SeededRandom::new(1)) };
        assert!(back_off(0, &context) < TimeDelta::seconds(3));
        assert!(back_off(3, &context) >= TimeDelta::seconds(16));
        assert!(back_off(i32::MAX, &context) <= LONGEST + LONGEST / 4);
    }
}
