//! `stacker-signature`: proves to a receiver that a callback is ours, unchanged and recent.
//!
//! The signature is the hex HMAC-SHA256, keyed with the subscription's secret, of `TIMESTAMP.DELIVERY.` and the body, with the
//! values of `stacker-timestamp` and `stacker-delivery`. Method and path are left out, because a receiver behind a proxy sees
//! another path.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// The secret of a subscription. After a rotation the one before is valid for a while, so that receivers can change over.
#[derive(Clone, Debug)]
pub struct SigningSecrets {
    current: SecretString,
    previous: Option<SecretString>,
}

impl SigningSecrets {
    pub fn new(current: SecretString) -> Self {
        Self { current, previous: None }
    }

    pub fn rotated(current: SecretString, previous: SecretString) -> Self {
        Self { current, previous: Some(previous) }
    }
}

/// `v1=HEX`, or `v1=HEX,v1=HEX` while two secrets are valid. A receiver accepts a callback if one of them is right.
pub fn signature_header(
    timestamp: DateTime<Utc>,
    delivery_id: &str,
    body: &[u8],
    secrets: &SigningSecrets,
) -> String {
    let signed = [Some(&secrets.current), secrets.previous.as_ref()].into_iter().flatten();
    let signatures: Vec<String> = signed
        .filter_map(|secret| signature(timestamp, delivery_id, body, secret))
        .map(|signature| format!("v1={signature}"))
        .collect();
    signatures.join(",")
}

/// HMAC takes keys of every length, so this is never `None`.
fn signature(
    timestamp: DateTime<Utc>,
    delivery_id: &str,
    body: &[u8],
    secret: &SecretString,
) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).ok()?;
    mac.update(format!("{}.{delivery_id}.", timestamp.timestamp()).as_bytes());
    mac.update(body);
    Some(hex::encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with OpenSSL: `printf '%s.%s.%s' TIMESTAMP DELIVERY BODY | openssl dgst -sha256 -hmac SECRET`.
    const FIRST: &str = "v1=3e4d57d23c47b80ec67e4610182e5586399bdf2fce8d4b801718147b6b173ec8";
    const SECOND: &str = "v1=044a8347c90f01d49962f7ad686584b396c9bb52f835ee35a1982ddd35642502";

    fn header(secrets: &SigningSecrets) -> String {
        let timestamp = DateTime::from_timestamp(1_767_225_600, 999).unwrap();
        let body = br#"{"event":"deployment.completed"}"#;
        signature_header(timestamp, "018f3c5e-0000-7000-8000-000000000001", body, secrets)
    }

    #[test]
    fn the_signature_is_the_hmac_of_timestamp_delivery_and_body() {
        assert_eq!(header(&SigningSecrets::new("whsec_first".into())), FIRST);
    }

    #[test]
    fn the_example_in_the_documentation_is_right() {
        let text = include_str!("../../../../docs/callbacks.md");
        let after = |start: &str| text.lines().find_map(|line| line.strip_prefix(start)).unwrap();
        let body = text.lines().find(|line| line.starts_with("{\"id\":")).unwrap();
        let timestamp = after("stacker-timestamp: ").parse().unwrap();
        let timestamp = DateTime::from_timestamp(timestamp, 0).unwrap();
        let secrets = SigningSecrets::new("whsec_example".into());
        let signed = signature_header(timestamp, after("stacker-delivery: "), body.as_bytes(), &secrets);
        assert_eq!(signed, after("stacker-signature: "));
        assert!(text.contains("the secret `whsec_example`"));
    }

    #[test]
    fn after_a_rotation_both_secrets_sign() {
        let secrets = SigningSecrets::rotated("whsec_second".into(), "whsec_first".into());
        assert_eq!(header(&secrets), format!("{SECOND},{FIRST}"));
        assert!(!format!("{secrets:?}").contains("whsec"));
    }
}
