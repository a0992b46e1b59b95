//! Registries that have had enough are left alone until they say otherwise.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use moka::sync::Cache;
use reqwest::{
    Response, StatusCode,
    header::{DATE, HeaderMap, RETRY_AFTER},
};

use super::{credential::CredentialHash, error::LookUpError};

/// If a registry does not say how long to wait.
const DEFAULT_WAIT: Duration = Duration::from_secs(60);
/// The longest window that a registry counts requests in: Docker Hub's.
const MAX_WAIT: Duration = Duration::from_secs(6 * 60 * 60);
const MAX_REGISTRIES: u64 = 1_000;

/// Limits are counted by registry and account.
type Account = (String, Option<CredentialHash>);

#[derive(Debug)]
pub(super) struct RateLimits {
    blocked_until: Cache<Account, Instant>,
}

impl RateLimits {
    pub fn new() -> Self {
        Self { blocked_until: Cache::builder().max_capacity(MAX_REGISTRIES).time_to_live(MAX_WAIT).build() }
    }

    /// Before each request.
    pub fn check(&self, account: &Account) -> Result<(), LookUpError> {
        let Some(until) = self.blocked_until.get(account) else { return Ok(()) };
        match until.checked_duration_since(Instant::now()) {
            Some(retry_after) if !retry_after.is_zero() => Err(LookUpError::RateLimited { retry_after }),
            _ => Ok(()),
        }
    }

    /// After each answer. An answer that used up the last request is still an answer.
    pub fn note(&self, account: &Account, response: &Response) -> Result<(), LookUpError> {
        let refused = response.status() == StatusCode::TOO_MANY_REQUESTS;
        if !refused && !is_used_up(response.headers()) {
            return Ok(());
        }
        let retry_after = wait(response.headers());
        self.blocked_until.insert(account.clone(), Instant::now() + retry_after);
        if refused { Err(LookUpError::RateLimited { retry_after }) } else { Ok(()) }
    }
}

/// `RateLimit-Remaining: 0;w=21600`
fn is_used_up(headers: &HeaderMap) -> bool {
    ["ratelimit-remaining", "x-ratelimit-remaining"].iter().any(|name| {
        let value = headers.get(*name).and_then(|value| value.to_str().ok());
        value.and_then(|value| value.split(';').next()).is_some_and(|count| count.trim() == "0")
    })
}

fn wait(headers: &HeaderMap) -> Duration {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    // Relative to the registry's clock, so that ours does not matter.
    let now = text(DATE.as_str()).and_then(http_date);
    let seconds = text(RETRY_AFTER.as_str())
        .and_then(|value| value.parse().ok().or_else(|| until(http_date(value)?, now?)))
        .or_else(|| text("ratelimit-reset")?.parse().ok())
        .or_else(|| until(DateTime::from_timestamp(text("x-ratelimit-reset")?.parse().ok()?, 0)?, now?));
    seconds.map_or(DEFAULT_WAIT, Duration::from_secs).clamp(Duration::from_secs(1), MAX_WAIT)
}

fn until(then: DateTime<Utc>, now: DateTime<Utc>) -> Option<u64> {
    u64::try_from((then - now).num_seconds()).ok()
}

fn http_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text).ok().map(|time| time.to_utc())
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};
    use rstest::rstest;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[rstest]
    #[case(&[("retry-after", "120")], 120)]
    #[case(&[("retry-after", "Thu, 01 Jan 2026 00:01:30 GMT"), ("date", "Thu, 01 Jan 2026 00:00:00 GMT")], 90)]
    #[case(&[("ratelimit-reset", "30")], 30)]
    #[case(&[("x-ratelimit-reset", "1767225610"), ("date", "Thu, 01 Jan 2026 00:00:00 GMT")], 10)]
    #[case(&[], 60)]
    #[case(&[("retry-after", "soon")], 60)]
    #[case(&[("retry-after", "0")], 1)]
    #[case(&[("retry-after", "99999999")], 21_600)]
    fn how_long_to_wait_is_what_the_registry_says(
        #[case] pairs: &[(&'static str, &'static str)],
        #[case] secs: u64,
    ) {
        assert_eq!(wait(&headers(pairs)), Duration::from_secs(secs));
    }

    #[test]
    fn a_count_may_name_its_window() {
        assert!(is_used_up(&headers(&[("ratelimit-remaining", "0;w=21600")])));
        assert!(!is_used_up(&headers(&[("ratelimit-remaining", "76;w=21600")])));
        assert!(!is_used_up(&headers(&[])));
    }
}
