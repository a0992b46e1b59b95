//! How often one address may be wrong. Not a layer: the places that know what failed ask the [`Limiter`] themselves.

use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::http::{HeaderValue, StatusCode, header};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::time::Instant;
use uuid::Uuid;

use crate::rest::ApiError;

/// More addresses than this are not remembered at once: those that have calmed down are forgotten.
const REMEMBERED: usize = 10_000;

#[derive(Debug)]
pub struct Limiter {
    /// Held by every place that asks; `None` switches the limits off.
    limits: Option<Limits>,
}

#[derive(Debug)]
struct Limits {
    sign_in: DefaultKeyedRateLimiter<IpAddr>,
    bad_bearer: DefaultKeyedRateLimiter<IpAddr>,
    /// Networks that have used up their bad bearers, and until when that is known of them.
    guessing: Mutex<HashMap<IpAddr, Instant>>,
    bad_token: DefaultKeyedRateLimiter<(Uuid, IpAddr)>,
    registration: DefaultKeyedRateLimiter<IpAddr>,
    registration_for: DefaultKeyedRateLimiter<String>,
    poll: DefaultKeyedRateLimiter<Uuid>,
    said: DefaultKeyedRateLimiter<Uuid>,
}

/// Of one agent. One that works comes once for each command, one that waits twice a minute.
const POLLS_PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(49);
/// States, progress and statuses of apps of one agent: several stacks at work say a few lines a second each.
const SAID_PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(49);
/// One more attempt is left to a network after so long.
const GUESSES_COME_BACK: Duration = Duration::from_secs(1);
/// Longer names name nothing, and are not remembered either.
const MAX_NAME: usize = 128;

impl Limiter {
    pub fn new(enabled: bool) -> Self {
        let per_minute = |n: u32| Quota::per_minute(NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN));
        Self {
            limits: enabled.then(|| Limits {
                sign_in: RateLimiter::keyed(per_minute(10)),
                bad_bearer: RateLimiter::keyed(per_minute(60)),
                guessing: Mutex::default(),
                bad_token: RateLimiter::keyed(per_minute(60)),
                registration: RateLimiter::keyed(per_minute(30)),
                registration_for: RateLimiter::keyed(per_minute(10)),
                poll: RateLimiter::keyed(Quota::per_second(POLLS_PER_SECOND)),
                said: RateLimiter::keyed(Quota::per_second(SAID_PER_SECOND)),
            }),
        }
    }

    /// Before a sign-in code is looked at.
    pub fn sign_in(&self, address: IpAddr) -> Result<(), ApiError> {
        self.limits.as_ref().map_or(Ok(()), |limits| count(&limits.sign_in, address))
    }

    /// After a bearer was refused.
    pub fn bad_bearer(&self, address: IpAddr) -> Result<(), ApiError> {
        let Some(limits) = &self.limits else { return Ok(()) };
        count(&limits.bad_bearer, address).inspect_err(|_| {
            let mut guessing = limits.guessing.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            if guessing.len() > REMEMBERED {
                guessing.retain(|_, until| *until > now);
            }
            guessing.insert(network(address), now + GUESSES_COME_BACK);
        })
    }

    /// Before anything is looked up for a bearer that may be a guess. Counts nothing.
    pub fn still_guessing(&self, address: IpAddr) -> Result<(), ApiError> {
        let Some(limits) = &self.limits else { return Ok(()) };
        let guessing = limits.guessing.lock().unwrap_or_else(PoisonError::into_inner);
        match guessing.get(&network(address)) {
            Some(until) if *until > Instant::now() => Err(too_many_attempts()),
            _ => Ok(()),
        }
    }

    /// After the token of an agent that is there was refused. Others at its address are not counted.
    pub fn bad_token(&self, agent: Uuid, address: IpAddr) -> Result<(), ApiError> {
        let Some(limits) = &self.limits else { return Ok(()) };
        check(&limits.bad_token, &(agent, network(address))).map_err(|()| too_many_attempts())
    }

    /// Before an agent registers, by where it is and for what.
    pub fn registration(&self, address: IpAddr, name: &str) -> Result<(), ApiError> {
        let Some(limits) = &self.limits else { return Ok(()) };
        count(&limits.registration, address)?;
        let name: String = name.chars().take(MAX_NAME).collect();
        check(&limits.registration_for, &name).map_err(|()| {
            too_many("too-many-attempts", "too many registrations for this deployment; wait a minute", "60")
        })
    }

    /// Before a poll of a known agent is held. Reports are never refused so: agents of others would lose them.
    pub fn poll(&self, agent: Uuid) -> Result<(), ApiError> {
        let Some(limits) = &self.limits else { return Ok(()) };
        check(&limits.poll, &agent).map_err(|()| {
            too_many(
                "too-many-polls",
                "this agent polls too often; wait for the answer of a poll before the next",
                "1",
            )
        })
    }

    /// Before anything is kept that a known agent says beside its reports.
    pub fn said(&self, agent: Uuid) -> Result<(), ApiError> {
        let Some(limits) = &self.limits else { return Ok(()) };
        check(&limits.said, &agent).map_err(|()| {
            too_many("too-much-said", "this agent says too much; a few lines in a second are enough", "1")
        })
    }
}

fn count(limiter: &DefaultKeyedRateLimiter<IpAddr>, address: IpAddr) -> Result<(), ApiError> {
    check(limiter, &network(address)).map_err(|()| too_many_attempts())
}

/// `wait`: seconds.
fn too_many(code: &'static str, message: &'static str, wait: &'static str) -> ApiError {
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, code, message)
        .with_header(header::RETRY_AFTER, HeaderValue::from_static(wait))
}

fn too_many_attempts() -> ApiError {
    too_many("too-many-attempts", "too many attempts from your address; wait a minute", "60")
}

fn check<K: Clone + Eq + Hash>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), ()> {
    if limiter.len() > REMEMBERED {
        limiter.retain_recent();
    }
    limiter.check_key(key).map_err(drop)
}

/// Whoever has one IPv6 address has 2^64 of them: the network counts.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6
            .to_ipv4_mapped()
            .map_or_else(|| IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)), IpAddr::V4),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_runs_out_while_another_goes_on() {
        let limiter = Limiter::new(true);
        let (hasty, calm) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let refused = (0..30).filter(|_| limiter.sign_in(hasty).is_err()).count();
        assert!(refused >= 19, "{refused} of 30 refused");
        assert!(limiter.sign_in(calm).is_ok());
    }

    #[test]
    fn what_an_agent_does_wrong_counts_for_it_alone() {
        let limiter = Limiter::new(true);
        let (address, one, other) = (IpAddr::from([10, 0, 0, 1]), Uuid::from_u128(1), Uuid::from_u128(2));
        assert!((0..100).any(|_| limiter.bad_token(one, address).is_err()));
        assert!(limiter.bad_token(other, address).is_ok());
        assert!(limiter.bad_token(one, IpAddr::from([10, 0, 0, 2])).is_ok());
        assert!(limiter.still_guessing(address).is_ok());
    }

    #[test]
    fn who_guesses_is_known_without_being_counted() {
        let limiter = Limiter::new(true);
        let address = IpAddr::from([10, 0, 0, 1]);
        assert!(limiter.still_guessing(address).is_ok());
        assert!((0..100).any(|_| limiter.bad_bearer(address).is_err()));
        assert!(limiter.still_guessing(address).is_err());
        assert!(limiter.still_guessing(IpAddr::from([10, 0, 0, 2])).is_ok());
    }

    #[test]
    fn switched_off_means_off() {
        let limiter = Limiter::new(false);
        assert!((0..1000).all(|_| limiter.sign_in(IpAddr::from([10, 0, 0, 1])).is_ok()));
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        let one: IpAddr = "2001:db8::1".parse().unwrap();
        let other: IpAddr = "2001:db8::ffff:2".parse().unwrap();
        assert_eq!(network(one), network(other));
    }
}
