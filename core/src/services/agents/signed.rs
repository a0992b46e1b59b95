//! Whether a request is signed by the agent, is of now, and came only once.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use moka::{policy::EvictionPolicy, sync::Cache};
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    Agents,
    authenticate::{AgentAuthError, AgentCredentials, MAX_SKEW, Signature},
};

/// Longer than the allowed skew in both directions: older requests are refused because of their time.
const REPLAYS_REMEMBERED_FOR: Duration = Duration::from_secs(600);
/// Enough for the polls and reports of ten thousand agents in that time.
const REPLAYS_REMEMBERED: u64 = 400_000;
/// The longest request id, in bytes.
const MAX_REQUEST_ID: usize = 200;

/// Requests that this server has seen, as hashes of agent and request id. Used only if signatures are mandatory.
pub(crate) type ReplayMemory = Cache<[u8; 16], ()>;

/// The least recently used entries are evicted, so that frequent agents cannot displace new ones.
pub(crate) fn new_replay_memory() -> ReplayMemory {
    Cache::builder()
        .max_capacity(REPLAYS_REMEMBERED)
        .time_to_live(REPLAYS_REMEMBERED_FOR)
        .eviction_policy(EvictionPolicy::lru())
        .build()
}

impl Agents {
    /// Returns a remark about the agent's clock, or the refusal with one word for the audit log.
    pub(super) fn check(
        &self,
        credentials: &AgentCredentials<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, (AgentAuthError, &'static str)> {
        let checked = self.check_signature(credentials).and_then(|()| self.check_time(credentials, now));
        checked.map_err(|refused| {
            let reason = match &refused {
                AgentAuthError::Unknown | AgentAuthError::Credentials => "signature",
                AgentAuthError::SignatureRequired(_) => "unsigned",
                AgentAuthError::ClockOff(_) => "clock",
                AgentAuthError::Replayed => "replay",
                AgentAuthError::Internal(_) => "internal",
            };
            (refused, reason)
        })
    }

    fn check_signature(&self, credentials: &AgentCredentials<'_>) -> Result<(), AgentAuthError> {
        let Some(value) = credentials.signature.value else {
            return if self.core.agent_settings.require_signatures {
                Err(AgentAuthError::SignatureRequired("X-Agent-Signature is missing"))
            } else {
                Ok(())
            };
        };
        let is_right = is_signed(value, credentials.bearer.expose_secret(), credentials.body);
        is_right.then_some(()).ok_or(AgentAuthError::Credentials)
    }

    /// Returns a remark about the agent's clock, if a wrong clock is tolerated.
    fn check_time(
        &self,
        credentials: &AgentCredentials<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, AgentAuthError> {
        let Signature { timestamp, request_id, .. } = credentials.signature;
        let timestamp = timestamp.and_then(|text| text.trim().parse::<i64>().ok());
        let off = timestamp.map(|timestamp| now.timestamp().saturating_sub(timestamp).saturating_abs());
        let off = off.filter(|off| *off > MAX_SKEW);
        if !self.core.agent_settings.require_signatures {
            return Ok(off.map(|off| format!("clock is {off} s off")));
        }
        if timestamp.is_none() {
            return Err(AgentAuthError::SignatureRequired(
                "X-Timestamp is missing or not a number of seconds",
            ));
        }
        if let Some(off) = off {
            return Err(AgentAuthError::ClockOff(off));
        }
        let request_id = request_id
            .filter(|id| !id.is_empty() && id.len() <= MAX_REQUEST_ID)
            .ok_or(AgentAuthError::SignatureRequired("X-Request-Id is missing or too long"))?;
        let entry = self.replays.entry(replay_key(credentials.agent_id, request_id)).or_insert(());
        if entry.is_fresh() { Ok(None) } else { Err(AgentAuthError::Replayed) }
    }
}

/// Whether `signature` is the base64 HMAC-SHA256 of `body`, keyed with `token`. Compared in constant time.
pub fn is_signed(signature: &str, token: &str, body: &[u8]) -> bool {
    let Ok(signature) = STANDARD.decode(signature.trim()) else { return false };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(token.as_bytes()) else { return false };
    mac.update(body);
    mac.verify_slice(&signature).is_ok()
}

/// A cache key of fixed size, however long the request id is.
fn replay_key(agent: Uuid, request_id: &str) -> [u8; 16] {
    let hash = Sha256::new().chain_update(agent.as_bytes()).chain_update(request_id).finalize();
    std::array::from_fn(|at| hash[at])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn only_the_token_signs(body in prop::collection::vec(any::<u8>(), 0..200), token in "[!-~]{1,60}", text in ".{0,80}", other in "[!-~]{1,60}") {
            let mut mac = Hmac::<Sha256>::new_from_slice(token.as_bytes()).unwrap();
            mac.update(&body);
            let signature = STANDARD.encode(mac.finalize().into_bytes());
            prop_assert!(is_signed(&signature, &token, &body));
            prop_assert!(!is_signed(&text, &token, &body));
            prop_assert!(!is_signed(&signature, &token, &[body.as_slice(), b"x"].concat()));
            prop_assume!(other != token);
            prop_assert!(!is_signed(&signature, &other, &body));
        }
    }
}
