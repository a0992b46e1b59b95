//! Authenticates a signed request. Every failure gives the same answer and takes the same work.

use std::{net::IpAddr, time::Duration};

use chrono::{DateTime, Utc};
use domain::{
    access::{Caller, Role},
    audit::AuditOutcome,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use moka::sync::Cache;
use secrecy::{ExposeSecret as _, SecretSlice};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{Clients, sealed_at};
use crate::{
    db::{
        accounts::clients::{self, Signer},
        audit_log::AuditEntry,
    },
    services::audit::note,
};

/// The largest clock difference of a client, in seconds.
const MAX_SKEW: i64 = 300;
/// Longer than the allowed skew in both directions: older requests are refused because of their time.
const NONCES_REMEMBERED_FOR: Duration = Duration::from_secs(2 * 300 + 60);
const NONCES_REMEMBERED: u64 = 200_000;
const NONCE_BYTES: std::ops::RangeInclusive<usize> = 8..=128;
/// The time of the last use is written at most once in this time.
const USED_EVERY: Duration = Duration::from_secs(60);
/// A client's refusals are written to the audit log at most once in this time.
const REFUSED_EVERY: Duration = Duration::from_secs(60);
const USES_REMEMBERED: u64 = 10_000;

/// A signed request, as received.
#[derive(Clone, Copy, Debug)]
pub struct SignedRequest<'a> {
    /// `stacker-id`
    pub client: i32,
    /// `stacker-hash`: lower-case hex of an HMAC-SHA256, keyed with the secret.
    pub hash: &'a str,
    /// `stacker-timestamp`, in seconds, and `stacker-nonce`. Either one selects the hardened form, which needs both.
    pub timestamp: Option<&'a str>,
    pub nonce: Option<&'a str>,
    pub method: &'a str,
    /// Includes the query.
    pub path: &'a str,
    pub body: &'a [u8],
    /// Recorded in the audit log.
    pub address: Option<IpAddr>,
}

impl SignedRequest<'_> {
    fn is_hardened(&self) -> bool {
        self.timestamp.is_some() || self.nonce.is_some()
    }

    /// Whether the hash was made with this secret. Compared in constant time.
    pub fn is_signed_by(&self, secret: &[u8]) -> bool {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return false };
        if self.is_hardened() {
            let (timestamp, nonce) = (self.timestamp.unwrap_or_default(), self.nonce.unwrap_or_default());
            mac.update(format!("{}\n{}\n{timestamp}\n{nonce}\n", self.method, self.path).as_bytes());
            mac.update(hex::encode(Sha256::digest(self.body)).as_bytes());
        } else {
            mac.update(self.body);
        }
        let is_lower_case = !self.hash.bytes().any(|byte| byte.is_ascii_uppercase());
        let given = hex::decode(self.hash).unwrap_or_default();
        mac.verify_slice(&given).is_ok() && is_lower_case
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ClientAuthError {
    /// Unknown, disabled, expired or wrongly signed: the answer does not say which.
    #[error("these credentials are unknown, expired or revoked")]
    Credentials,
    /// The signature is right, but the time is too far off or the nonce is unusable or was used before.
    #[error(
        "the signed request is too old or was already received: sign it again with the current time and a new nonce"
    )]
    Stale,
    #[error("the API client could not be looked up")]
    Internal(#[from] anyhow::Error),
}

/// What this server remembers; servers do not share it.
#[derive(Clone, Debug)]
pub struct Memory {
    nonces: Cache<(i32, String), ()>,
    used: Cache<i32, ()>,
    /// Refusals that are already in the audit log.
    refused: Cache<i32, ()>,
}

pub fn new_memory() -> Memory {
    Memory {
        nonces: Cache::builder()
            .max_capacity(NONCES_REMEMBERED)
            .time_to_live(NONCES_REMEMBERED_FOR)
            .eviction_policy(moka::policy::EvictionPolicy::lru())
            .build(),
        used: Cache::builder().max_capacity(USES_REMEMBERED).time_to_live(USED_EVERY).build(),
        refused: Cache::builder().max_capacity(USES_REMEMBERED).time_to_live(REFUSED_EVERY).build(),
    }
}

impl Clients {
    /// Returns the owner of the client, with the role `client` and the client's scope. Looks the client up with one query.
    pub async fn authenticate(&self, request: &SignedRequest<'_>) -> Result<Caller, ClientAuthError> {
        let now = self.core.context.clock.now();
        let signer = clients::signer(&self.core.pool, request.client).await?;
        let row = request.client.to_string();
        let secret = match signer.as_ref().and_then(|signer| signer.secret.as_deref()) {
            Some(sealed) => self.core.keyring.open(sealed, sealed_at(&row)).map_err(anyhow::Error::from)?,
            // For an unknown or disabled client a dummy secret is sealed, which is as much work as opening a real one.
            None => {
                let (random, nobodys) = (self.core.context.random.as_ref(), vec![0; 255]);
                self.core.keyring.seal(random, &nobodys, sealed_at(&row)).map_err(anyhow::Error::from)?;
                SecretSlice::from(nobodys)
            }
        };
        let hardened = request.is_hardened();
        let is_right = request.is_signed_by(secret.expose_secret());
        let why = match &signer {
            None => Some("unknown"),
            Some(signer) if signer.secret.is_none() => Some("disabled"),
            Some(signer) if has_expired(signer, now) => Some("expired"),
            Some(_) if !is_right => Some("signature"),
            Some(signer) if signer.is_hardened && !hardened => Some("not hardened"),
            Some(_) => None,
        };
        let (Some(signer), None) = (&signer, why) else {
            self.audit_refusal(request, signer.as_ref(), why.unwrap_or_default()).await;
            return Err(ClientAuthError::Credentials);
        };
        if hardened && !self.is_fresh(request, now) {
            self.audit_refusal(request, Some(signer), "stale").await;
            return Err(ClientAuthError::Stale);
        }
        self.note_use(request.client, now).await?;
        let (name, email) = (&signer.user_name, signer.user_email.clone());
        let mut caller = Caller::new(&signer.user_id, Role::Client, name, email);
        (caller.scope, caller.client) = (signer.scope, Some(request.client));
        Ok(caller)
    }

    /// Whether the request was signed just now and its nonce is new.
    fn is_fresh(&self, request: &SignedRequest<'_>, now: DateTime<Utc>) -> bool {
        let (Some(timestamp), Some(nonce)) = (request.timestamp, request.nonce) else { return false };
        let in_time = timestamp
            .parse::<i64>()
            .is_ok_and(|then| now.timestamp().abs_diff(then) <= MAX_SKEW.unsigned_abs());
        in_time
            && NONCE_BYTES.contains(&nonce.len())
            && self.memory.nonces.entry((request.client, nonce.to_owned())).or_insert(()).is_fresh()
    }

    /// Writes at most one line per minute and client, whether the client is known or not, so that the work stays the same.
    async fn audit_refusal(&self, request: &SignedRequest<'_>, signer: Option<&Signer>, reason: &str) {
        if !self.memory.refused.entry(request.client).or_insert(()).is_fresh() {
            return;
        }
        let entry = AuditEntry {
            outcome: AuditOutcome::Refused,
            owner_id: signer.map(|signer| signer.user_id.as_str()),
            details: json!({"client_id": request.client, "reason": reason}),
            address: request.address,
            ..self.core.context.audited("client.refused")
        };
        note(&self.core.pool, entry).await;
    }

    async fn note_use(&self, id: i32, now: DateTime<Utc>) -> anyhow::Result<()> {
        if self.memory.used.entry(id).or_insert(()).is_fresh() {
            clients::set_used(&self.core.pool, id, now).await?;
        }
        Ok(())
    }
}

fn has_expired(signer: &Signer, now: DateTime<Utc>) -> bool {
    signer.expires_at.is_some_and(|at| at <= now)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BODY: SignedRequest<'_> = SignedRequest {
        client: 1,
        hash: "",
        timestamp: None,
        nonce: None,
        method: "POST",
        path: "/project?x=1",
        body: b"The quick brown fox jumps over the lazy dog",
        address: None,
    };

    const KEY: &[u8] = b"key";

    /// A well-known test value of HMAC-SHA256.
    #[test]
    fn the_old_form_is_the_hmac_of_the_body() {
        let hash = "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8";
        assert!(SignedRequest { hash, ..BODY }.is_signed_by(KEY));
        assert!(!SignedRequest { hash: &hash.to_uppercase(), ..BODY }.is_signed_by(KEY));
        assert!(!SignedRequest { hash, body: b"", ..BODY }.is_signed_by(KEY));
        assert!(!SignedRequest { hash: "", ..BODY }.is_signed_by(KEY));
        assert!(!SignedRequest { hash: "xyz", ..BODY }.is_signed_by(KEY));
    }

    #[test]
    fn the_hardened_form_covers_where_and_when() {
        let hardened = SignedRequest { timestamp: Some("1764230400"), nonce: Some("12345678"), ..BODY };
        let digest = hex::encode(Sha256::digest(BODY.body));
        let text = format!("POST\n/project?x=1\n1764230400\n12345678\n{digest}");
        let mut mac = Hmac::<Sha256>::new_from_slice(KEY).unwrap();
        mac.update(text.as_bytes());
        let hash = hex::encode(mac.finalize().into_bytes());
        let signed = SignedRequest { hash: &hash, ..hardened };
        assert!(signed.is_signed_by(KEY));
        for other in [
            SignedRequest { path: "/project?x=2", ..signed },
            SignedRequest { method: "PUT", ..signed },
            SignedRequest { timestamp: Some("1764230401"), ..signed },
            SignedRequest { nonce: Some("87654321"), ..signed },
            SignedRequest { nonce: None, ..signed },
            SignedRequest { body: b"", ..signed },
        ] {
            assert!(!other.is_signed_by(KEY), "{other:?}");
        }
    }
    fn mac(text: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(KEY).unwrap();
        mac.update(text);
        hex::encode(mac.finalize().into_bytes())
    }

    proptest! {
        #[test]
        fn nothing_is_signed_by_whom_lacks_the_secret(hash in ".{0,80}", hex in "[0-9a-f]{64}", key in prop::collection::vec(any::<u8>(), 0..80)) {
            for hash in [hash.as_str(), hex.as_str()] {
                let plain = SignedRequest { hash, ..BODY };
                prop_assert!(!plain.is_signed_by(KEY));
                let hardened = SignedRequest { timestamp: Some("1"), nonce: Some("12345678"), hash, ..BODY };
                prop_assert!(!hardened.is_signed_by(KEY));
            }
            prop_assume!(key != KEY);
            let hash = mac(BODY.body);
            let right = SignedRequest { hash: &hash, ..BODY };
            prop_assert!(!right.is_signed_by(&key));
        }

        #[test]
        fn what_is_signed_is_taken_and_nothing_beside_it(body in prop::collection::vec(any::<u8>(), 0..200), more in any::<u8>()) {
            let hash = mac(&body);
            let right = SignedRequest { hash: &hash, body: &body, ..BODY };
            prop_assert!(right.is_signed_by(KEY));
            let longer = [body.as_slice(), &[more]].concat();
            let longer = SignedRequest { body: &longer, ..right };
            prop_assert!(!longer.is_signed_by(KEY));
            // A signature of the body alone is not valid in the hardened form, whatever time and nonce are sent with it.
            let hardened = SignedRequest { hash: &hash, timestamp: Some("1"), nonce: Some("12345678"), body: &body, ..BODY };
            prop_assert!(!hardened.is_signed_by(KEY));
        }
    }
}
