//! The quotas: one table for each, and one method for each occasion on which a request is counted.

use std::net::{IpAddr, Ipv6Addr};

use domain::access::Caller;
use stacker::config::RateLimitSettings;
use uuid::Uuid;

use super::{
    Standing,
    buckets::{Buckets, Quota},
    costly::Costly,
};
use crate::http::ApiError;

#[derive(Debug)]
pub struct Limiter {
    /// `None` switches the limits off.
    limits: Option<Box<Limits>>,
}

#[derive(Debug)]
struct Limits {
    address: Buckets,
    anonymous: Buckets,
    user: Buckets,
    client: Buckets,
    admin: Buckets,
    checks: Buckets,
    credentials: Buckets,
    enrolments: Buckets,
    look_ups: Buckets,
    calls: Buckets,
    sign_in: Buckets,
    provider_sign_in: Buckets,
    failures: Buckets,
    bad_token: Buckets,
    registrations: Buckets,
    registrations_for: Buckets,
    poll: Buckets,
    said: Buckets,
    agent: Buckets,
}

/// The limit for one agent. A busy agent polls once for each command, an idle one twice a minute.
const POLLS_PER_SECOND: u32 = 50;
/// The limit for states, progress and app statuses of one agent: several busy stacks send a few lines a second each.
const SAID_PER_SECOND: u32 = 50;
/// The limit for one deployment.
const REGISTRATIONS_PER_MINUTE: u32 = 10;
/// A request with credentials that do not hold counts as this many requests of its address.
const FAILURE_COSTS: u32 = 10;

/// `Ok`: the standing that the response reports, or `None` when limits are off. `Err`: one request too many.
pub type Counted = Result<Option<Standing>, Standing>;

/// The account whose quota a request uses; each API client has its own.
#[derive(Hash)]
enum Account<'a> {
    User(&'a str),
    Client(i32),
}

impl<'a> Account<'a> {
    fn of(caller: &'a Caller) -> Self {
        caller.client.map_or(Self::User(&caller.user_id), Self::Client)
    }
}

impl Limiter {
    pub fn new(settings: &RateLimitSettings) -> Self {
        let per_minute = |limit| Buckets::new(Quota::per_minute(limit));
        let per_second = |limit| Buckets::new(Quota::per_second(limit));
        let limits = || Limits {
            address: per_minute(settings.address),
            anonymous: per_minute(settings.anonymous),
            user: per_minute(settings.user),
            client: per_minute(settings.client),
            admin: per_minute(settings.admin),
            checks: per_minute(settings.checks),
            credentials: per_minute(settings.credentials),
            enrolments: per_minute(settings.enrolments),
            look_ups: per_minute(settings.look_ups),
            calls: per_minute(settings.calls),
            sign_in: per_minute(settings.sign_in),
            provider_sign_in: per_minute(settings.provider_sign_in),
            failures: per_minute(settings.failures),
            bad_token: per_minute(settings.failures),
            registrations: per_minute(settings.registrations),
            registrations_for: per_minute(REGISTRATIONS_PER_MINUTE),
            poll: per_second(POLLS_PER_SECOND),
            said: per_second(SAID_PER_SECOND),
            agent: per_minute(settings.agent),
        };
        Self { limits: settings.enabled.then(|| Box::new(limits())) }
    }

    /// Counts any request from an address.
    pub fn address(&self, address: IpAddr) -> Counted {
        self.count(|limits| &limits.address, &network(address))
    }

    /// Counts a request without credentials.
    pub fn anonymous(&self, address: IpAddr) -> Counted {
        self.count(|limits| &limits.anonymous, &network(address))
    }

    /// Counts a request of a known caller.
    pub fn caller(&self, caller: &Caller) -> Counted {
        let key = Account::of(caller);
        if caller.client.is_some() {
            self.count(|limits| &limits.client, &key)
        } else if caller.role.is_admin() {
            self.count(|limits| &limits.admin, &key)
        } else {
            self.count(|limits| &limits.user, &key)
        }
    }

    pub fn costly(&self, what: Costly, caller: &Caller) -> Counted {
        let key = Account::of(caller);
        match what {
            Costly::Checks => self.count(|limits| &limits.checks, &key),
            Costly::Credentials => self.count(|limits| &limits.credentials, &key),
            Costly::Enrolments => self.count(|limits| &limits.enrolments, &key),
            Costly::LookUps => self.count(|limits| &limits.look_ups, &key),
            Costly::Calls => self.count(|limits| &limits.calls, &key),
        }
    }

    /// Counts an attempt to sign in, before the code is looked up.
    pub fn sign_in(&self, address: IpAddr) -> Result<(), ApiError> {
        let counted = self.count(|limits| &limits.sign_in, &network(address));
        refused(counted, too_many_attempts)
    }

    /// Counts a request before a browser is sent to a sign-in provider, and again when it comes back from there.
    pub fn provider_sign_in(&self, address: IpAddr) -> Result<(), ApiError> {
        let counted = self.count(|limits| &limits.provider_sign_in, &network(address));
        refused(counted, too_many_attempts)
    }

    /// Counts a bearer token that was refused.
    pub fn bad_bearer(&self, address: IpAddr) -> Result<(), Standing> {
        let network = network(address);
        if let Some(limits) = &self.limits {
            limits.address.charge(&network, FAILURE_COSTS - 1);
        }
        self.count(|limits| &limits.failures, &network).map(drop)
    }

    /// Checks the quota before the lookup of a bearer token that could be a guess. Counts nothing.
    pub fn still_guessing(&self, address: IpAddr) -> Result<(), Standing> {
        self.limits.as_ref().map_or(Ok(()), |limits| limits.failures.look(&network(address)))
    }

    /// Counts a wrong token for an existing agent. Other agents at the same address are not counted.
    pub fn bad_token(&self, agent: Uuid, address: IpAddr) -> Result<(), Standing> {
        self.count(|limits| &limits.bad_token, &(agent, network(address))).map(drop)
    }

    /// Checks the quota before a wrong token of a remembered agent is looked up again. Counts nothing.
    pub fn still_wrong(&self, agent: Uuid, address: IpAddr) -> Result<(), Standing> {
        let Some(limits) = &self.limits else { return Ok(()) };
        limits.bad_token.look(&(agent, network(address)))
    }

    /// Counts the registration of an agent, both for its address and for the deployment.
    pub fn registration(&self, address: IpAddr, name: &str) -> Result<(), ApiError> {
        refused(self.count(|limits| &limits.registrations, &network(address)), too_many_attempts)?;
        refused(self.count(|limits| &limits.registrations_for, &name), |standing| {
            standing.refusal("too-many-attempts", "too many registrations for this deployment")
        })
    }

    /// Counts a poll of a known agent, before it is held.
    pub fn poll(&self, agent: Uuid) -> Result<(), ApiError> {
        refused(self.count(|limits| &limits.poll, &agent), |standing| {
            standing.refusal(
                "too-many-polls",
                "this agent polls too often: wait for the answer of a poll before the next one",
            )
        })
    }

    /// Counts what a known agent sends in addition to its reports, before anything of it is stored.
    pub fn said(&self, agent: Uuid) -> Result<(), ApiError> {
        refused(self.count(|limits| &limits.said, &agent), |standing| {
            standing.refusal(
                "too-much-said",
                "this agent sends progress too often: a few lines per second are enough",
            )
        })
    }

    /// Counts every other request of a known agent. The quota is so high that a working agent never reaches it, because
    /// third-party agents lose a report that is refused.
    pub fn agent(&self, agent: Uuid) -> Result<(), ApiError> {
        refused(self.count(|limits| &limits.agent, &agent), |standing| {
            standing.refusal("too-many-requests", "too many requests from this agent in a short time")
        })
    }

    fn count<'a>(
        &'a self,
        table: impl FnOnce(&'a Limits) -> &'a Buckets,
        key: &impl std::hash::Hash,
    ) -> Counted {
        self.limits.as_deref().map(|limits| table(limits).take(key)).transpose()
    }
}

fn refused(counted: Counted, answer: impl FnOnce(Standing) -> ApiError) -> Result<(), ApiError> {
    counted.map(drop).map_err(answer)
}

pub(crate) fn too_many_attempts(standing: Standing) -> ApiError {
    standing.refusal("too-many-attempts", "too many attempts from your address")
}

/// Addresses are counted by network, because the owner of one IPv6 address usually has 2^64 of them.
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
    use domain::access::Role;

    use super::*;

    fn limiter() -> Limiter {
        Limiter::new(&RateLimitSettings::default())
    }

    #[test]
    fn one_address_runs_out_while_another_goes_on() {
        let limiter = limiter();
        let (hasty, calm) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let refused = (0..30).filter(|_| limiter.sign_in(hasty).is_err()).count();
        assert!(refused >= 19, "{refused} of 30 refused");
        assert!(limiter.sign_in(calm).is_ok());
    }

    #[test]
    fn what_an_agent_does_wrong_counts_for_it_alone() {
        let limiter = limiter();
        let (address, one, other) = (IpAddr::from([10, 0, 0, 1]), Uuid::from_u128(1), Uuid::from_u128(2));
        assert!((0..100).any(|_| limiter.bad_token(one, address).is_err()));
        assert!(limiter.still_wrong(one, address).is_err() && limiter.still_wrong(other, address).is_ok());
        assert!(limiter.bad_token(other, address).is_ok());
        assert!(limiter.bad_token(one, IpAddr::from([10, 0, 0, 2])).is_ok());
        assert!(limiter.still_guessing(address).is_ok());
    }

    #[test]
    fn who_guesses_is_known_without_being_counted() {
        let limiter = limiter();
        let address = IpAddr::from([10, 0, 0, 1]);
        assert!(limiter.still_guessing(address).is_ok());
        assert!((0..100).any(|_| limiter.bad_bearer(address).is_err()));
        assert!(limiter.still_guessing(address).is_err());
        assert!(limiter.still_guessing(IpAddr::from([10, 0, 0, 2])).is_ok());
    }

    #[test]
    fn a_guess_costs_its_address_more_than_a_request() {
        let limiter = limiter();
        let address = IpAddr::from([10, 0, 0, 1]);
        let before = limiter.address(address).unwrap().unwrap().remaining;
        limiter.bad_bearer(address).unwrap();
        let after = limiter.address(address).unwrap().unwrap().remaining;
        assert!(before - after >= FAILURE_COSTS - 1, "{before} and then {after}");
    }

    #[test]
    fn an_account_has_the_figure_of_its_role_and_each_of_its_clients_its_own() {
        let limiter = limiter();
        let limit = |role: Role, client: Option<i32>| {
            let caller = Caller { client, ..Caller::new("ada", role, "Ada", None) };
            let standing = limiter.caller(&caller).unwrap().unwrap();
            (standing.limit, standing.limit - standing.remaining)
        };
        assert_eq!(limit(Role::GroupUser, None), (6_000, 1));
        assert_eq!(limit(Role::User, None), (6_000, 2));
        assert_eq!(limit(Role::GroupAdmin, None), (12_000, 1));
        assert_eq!(limit(Role::Client, Some(1)), (6_000, 1));
        assert_eq!(limit(Role::Client, Some(2)), (6_000, 1));
    }

    #[test]
    fn switched_off_means_off() {
        let limiter = Limiter::new(&RateLimitSettings { enabled: false, ..RateLimitSettings::default() });
        assert!((0..1000).all(|_| limiter.sign_in(IpAddr::from([10, 0, 0, 1])).is_ok()));
        assert_eq!(limiter.address(IpAddr::from([10, 0, 0, 1])), Ok(None));
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        let one: IpAddr = "2001:db8::1".parse().unwrap();
        let other: IpAddr = "2001:db8::ffff:2".parse().unwrap();
        assert_eq!(network(one), network(other));
        let mapped: IpAddr = "::ffff:10.0.0.1".parse().unwrap();
        assert_eq!(network(mapped), IpAddr::from([10, 0, 0, 1]));
    }
}
