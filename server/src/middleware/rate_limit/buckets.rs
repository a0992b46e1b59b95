//! How much of a quota each of many keys has used (GCRA: one time for each key), in a fixed amount of memory.
//!
//! A table of rows with eight places each. A secret hash assigns a key to a row, so an attacker cannot aim at one. A key that
//! finds no free place shares the least used place of its row, including what that place has used. Filling the table with other
//! keys therefore never restores a quota: a key in a full row counts for more than it has used, never for less.

use std::{
    fmt,
    hash::{BuildHasher as _, Hash, RandomState},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::Standing;

/// The number of shards. Each has its own lock, held only while one row is searched.
const SHARDS: usize = 8;
const ROWS: usize = 1024;
const PLACES: usize = 8;

/// A number of requests per period; a key can use all of them at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    limit: u32,
    /// Nanoseconds until a used-up quota is whole again.
    period: u64,
    /// Nanoseconds that one request costs.
    cost: u64,
}

impl Quota {
    pub fn per_minute(limit: u32) -> Self {
        Self::new(limit, Duration::from_mins(1))
    }

    pub fn per_second(limit: u32) -> Self {
        Self::new(limit, Duration::from_secs(1))
    }

    fn new(limit: u32, period: Duration) -> Self {
        let limit = limit.max(1);
        let cost = (nanos(period) / u64::from(limit)).max(1);
        // The period is rounded to a whole number of requests, so that the last of them fits.
        Self { limit, period: cost * u64::from(limit), cost }
    }

    /// The standing of a key whose quota is whole again at `until`.
    fn standing(self, until: u64, now: u64) -> Standing {
        let used = until.saturating_sub(now);
        let remaining = self.period.saturating_sub(used) / self.cost;
        let wait = (used + self.cost).saturating_sub(self.period);
        Standing {
            limit: self.limit,
            remaining: u32::try_from(remaining).unwrap_or(u32::MAX),
            reset: seconds(used),
            wait: seconds(wait),
        }
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

fn seconds(nanos: u64) -> u32 {
    u32::try_from(nanos.div_ceil(1_000_000_000)).unwrap_or(u32::MAX)
}

/// The hash of a key, and when (in nanoseconds since the table was made) its quota is whole again. Zeros mean that the place is
/// free. A plain array, because fresh memory holds zeros, so memory that no key uses is never touched.
type Place = [u64; 2];

pub struct Buckets {
    quota: Quota,
    began: Instant,
    hasher: RandomState,
    shards: Vec<Mutex<Vec<Place>>>,
}

impl Buckets {
    pub fn new(quota: Quota) -> Self {
        let shard = || Mutex::new(vec![[0; 2]; ROWS * PLACES]);
        Self {
            quota,
            began: Instant::now(),
            hasher: RandomState::new(),
            shards: (0..SHARDS).map(|_| shard()).collect(),
        }
    }

    /// Counts one request and returns the standing after it. `Err`: it was one too many and was not counted.
    pub fn take(&self, key: &impl Hash) -> Result<Standing, Standing> {
        self.take_at(self.hasher.hash_one(key), nanos(self.began.elapsed()))
    }

    /// Counts this many more requests, down to an empty quota.
    pub fn charge(&self, key: &impl Hash, requests: u32) {
        let (name, now) = (self.hasher.hash_one(key), nanos(self.began.elapsed()));
        let dearest = now + self.quota.period;
        self.with_place(name, now, |until| {
            *until =
                (*until).saturating_add(self.quota.cost.saturating_mul(u64::from(requests))).min(dearest);
        });
    }

    /// The standing, without counting. `Err`: the quota is used up.
    pub fn look(&self, key: &impl Hash) -> Result<(), Standing> {
        let (name, now) = (self.hasher.hash_one(key), nanos(self.began.elapsed()));
        let standing = self.with_place(name, now, |until| self.quota.standing(*until, now));
        if standing.wait == 0 { Ok(()) } else { Err(standing) }
    }

    fn take_at(&self, name: u64, now: u64) -> Result<Standing, Standing> {
        self.with_place(name, now, |until| {
            let before = self.quota.standing(*until, now);
            if before.wait > 0 {
                return Err(before);
            }
            *until += self.quota.cost;
            Ok(Standing { wait: 0, ..self.quota.standing(*until, now) })
        })
    }

    /// Calls `touch` with the time at which the key's quota is whole again, which is never in the past.
    fn with_place<T>(&self, name: u64, now: u64, touch: impl FnOnce(&mut u64) -> T) -> T {
        let name = name.max(1);
        let shard = name as usize % SHARDS;
        let row = name as usize / SHARDS % ROWS;
        let mut places = self.shards[shard].lock().unwrap_or_else(PoisonError::into_inner);
        let row = &mut places[row * PLACES..][..PLACES];
        let mut chosen = 0;
        for (index, [known, until]) in row.iter().enumerate() {
            if *known == name {
                chosen = index;
                break;
            }
            if *until < row[chosen][1] {
                chosen = index;
            }
        }
        let [known, until] = &mut row[chosen];
        *known = name;
        *until = (*until).max(now);
        touch(until)
    }
}

impl fmt::Debug for Buckets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buckets").field("quota", &self.quota).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    #[test]
    fn a_quota_may_be_used_at_once_and_comes_back_bit_by_bit() {
        let buckets = Buckets::new(Quota::per_minute(60));
        for left in (0..60).rev() {
            assert_eq!(buckets.take_at(1, 0).unwrap().remaining, left);
        }
        let refused = buckets.take_at(1, 0).unwrap_err();
        assert_eq!((refused.limit, refused.remaining, refused.reset, refused.wait), (60, 0, 60, 1));
        assert_eq!(buckets.take_at(1, SECOND - 1).unwrap_err().wait, 1);
        assert_eq!(buckets.take_at(1, SECOND).unwrap().remaining, 0);
        assert!(buckets.take_at(1, SECOND).is_err());
        assert_eq!(
            buckets.take_at(1, 61 * SECOND).unwrap(),
            Standing { remaining: 59, reset: 1, limit: 60, wait: 0 }
        );
        assert_eq!(buckets.take_at(2, SECOND).unwrap().remaining, 59, "another key is another matter");
    }

    #[test]
    fn a_figure_that_does_not_divide_a_minute_is_kept_all_the_same() {
        for limit in [1, 7, 600, 7_777, 1_000_000] {
            let buckets = Buckets::new(Quota::per_minute(limit));
            let taken = (0..=limit).filter(|_| buckets.take_at(1, 5).is_ok()).count();
            assert_eq!(taken, limit as usize);
        }
    }

    #[test]
    fn a_charge_takes_all_there_is_and_no_more() {
        let buckets = Buckets::new(Quota::per_minute(60));
        buckets.charge(&1, 50);
        assert!(buckets.look(&1).is_ok());
        buckets.charge(&1, u32::MAX);
        let standing = buckets.look(&1).unwrap_err();
        assert!(standing.wait == 1 && standing.reset <= 60, "{standing:?}");
    }

    #[test]
    fn nobody_gets_anything_back_by_filling_the_table_with_others() {
        let buckets = Buckets::new(Quota::per_minute(60));
        let guesser = 42_u64;
        while buckets.take_at(guesser, 0).is_ok() {}
        // Other keys fill the guesser's row, each with its quota used up like the guesser's.
        for other in 1..=40_u64 {
            let neighbour = guesser + other * (SHARDS * ROWS) as u64;
            while buckets.take_at(neighbour, 0).is_ok() {}
        }
        assert!(buckets.take_at(guesser, 0).is_err());
        assert!(buckets.take_at(guesser, SECOND / 2).is_err());
    }

    #[test]
    fn a_key_without_a_place_of_its_own_shares_that_of_the_row_with_most_left() {
        let buckets = Buckets::new(Quota::per_minute(60));
        let key = |number: usize| (5 + number * SHARDS * ROWS) as u64;
        for number in 0..PLACES {
            for _ in 0..=number {
                buckets.take_at(key(number), 0).unwrap();
            }
        }
        assert_eq!(buckets.take_at(key(PLACES), 0).unwrap().remaining, 58);
        // A place whose quota is whole again goes to the next new key.
        assert_eq!(buckets.take_at(key(PLACES + 1), 8 * SECOND).unwrap().remaining, 59);
    }
}
