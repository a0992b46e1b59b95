//! What many ratings say together.

use serde::{Deserialize, Serialize};

/// Rates are whole numbers from 0 to this one.
pub const HIGHEST_RATE: i32 = 10;
/// The average of a product before anybody has rated it: the middle of the scale.
pub const PRIOR_MEAN: f64 = 5.0;
/// How many ratings of [`PRIOR_MEAN`] each product begins with. After as many real ratings, both weigh the same.
pub const PRIOR_WEIGHT: f64 = 5.0;

/// How often each rate from 0 to [`HIGHEST_RATE`] was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Distribution([u32; HIGHEST_RATE as usize + 1]);

impl Distribution {
    /// From pairs of a rate and how often it was given. Other rates do not exist and are ignored.
    pub fn of(counts: impl IntoIterator<Item = (i32, u32)>) -> Self {
        let mut distribution = Self::default();
        for (rate, count) in counts {
            let place = usize::try_from(rate).ok().and_then(|rate| distribution.0.get_mut(rate));
            if let Some(place) = place {
                *place = place.saturating_add(count);
            }
        }
        distribution
    }

    /// By rate, beginning with 0.
    pub fn counts(&self) -> &[u32] {
        &self.0
    }

    pub fn count(&self) -> u32 {
        self.0.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The Bayesian mean, rounded to two decimals: `(PRIOR_WEIGHT * PRIOR_MEAN + sum) / (PRIOR_WEIGHT + count)`. Few ratings stay
    /// close to [`PRIOR_MEAN`], so that one 10 does not beat fifty 9s. `None` without a rating.
    pub fn average(&self) -> Option<f64> {
        let (mut sum, mut count) = (PRIOR_WEIGHT * PRIOR_MEAN, PRIOR_WEIGHT);
        for (rate, given) in (0_u32..).zip(self.0) {
            sum += f64::from(rate) * f64::from(given);
            count += f64::from(given);
        }
        (self.count() > 0).then(|| (sum / count * 100.0).round() / 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn average(counts: &[(i32, u32)]) -> f64 {
        Distribution::of(counts.iter().copied()).average().unwrap()
    }

    #[test]
    fn one_ten_does_not_beat_fifty_nines() {
        assert!((average(&[(10, 1)]) - 5.83).abs() < 1e-9);
        assert!((average(&[(9, 50)]) - 8.64).abs() < 1e-9);
    }

    #[test]
    fn many_ratings_outweigh_where_the_average_began() {
        assert!(average(&[(10, 10_000)]) > 9.99);
        assert!(average(&[(0, 10_000)]) < 0.01);
        assert!((average(&[(5, 7)]) - PRIOR_MEAN).abs() < 1e-9);
    }

    #[test]
    fn a_better_rating_never_lowers_the_average() {
        for rate in 0..HIGHEST_RATE {
            for others in [0, 1, 20] {
                let with = |rate| average(&[(7, others), (rate, 1)]);
                assert!(with(rate + 1) >= with(rate), "{rate} beside {others}");
            }
        }
    }

    #[test]
    fn nothing_follows_from_no_rating_and_rates_that_do_not_exist_are_ignored() {
        assert_eq!(Distribution::default().average(), None);
        let odd = Distribution::of([(-1, 3), (11, 3), (10, 1), (10, 1)]);
        assert_eq!((odd.count(), odd.counts()[10]), (2, 2));
    }
}
