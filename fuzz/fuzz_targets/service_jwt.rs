//! Service JWTs: none is accepted without the key, and with the key only the roles that services may have.
#![cfg_attr(feature = "link", no_main)]

use std::{sync::LazyLock, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::DateTime;
use hmac::{Hmac, KeyInit as _, Mac as _};
use libfuzzer_sys::fuzz_target;
use sha2::Sha256;
use stacker::{
    config::{ServiceJwtSettings, ServiceKey},
    services::ServiceJwts,
};

const SECRET: &str = "a secret that no input holds, as it is not among the words of the fuzzer";
const NOW: i64 = 1_800_000_000;

static JWTS: LazyLock<ServiceJwts> = LazyLock::new(|| {
    ServiceJwts::open(&ServiceJwtSettings {
        key: ServiceKey::Hs256(SECRET.to_owned().into()),
        issuer: None,
        audience: None,
        roles: vec!["admin_service".to_owned()],
        max_lifetime: Duration::from_secs(86_400),
    })
    .unwrap()
});

fuzz_target!(|bytes: &[u8]| {
    let now = DateTime::from_timestamp(NOW, 0).unwrap();
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert!(JWTS.caller(text, now).is_err());
    }
    // Uses the bytes as the parts of a token: first with an arbitrary signature, then with the right one.
    let [header, claims, signature] = fuzz::pieces(bytes);
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let forged = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature));
    assert!(JWTS.caller(&forged, now).is_err());
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    let signed = format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()));
    if let Ok(caller) = JWTS.caller(&signed, now) {
        assert_eq!((caller.user_id.as_str(), caller.role.as_str()), ("admin_service", "admin_service"));
        let claims: serde_json::Value = serde_json::from_slice(claims).unwrap();
        let header: serde_json::Value = serde_json::from_slice(header).unwrap();
        assert_eq!(header["alg"], "HS256");
        assert!((NOW..=NOW + 86_400).contains(&claims["exp"].as_i64().unwrap()));
    }
});

/// Lets the target compile without the fuzzing library, so that its types and lints are checked. It does nothing then.
#[cfg(not(feature = "link"))]
fn main() {}
