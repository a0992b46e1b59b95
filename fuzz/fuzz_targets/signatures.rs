//! Signatures of API clients and agents: only the correct signature is accepted.
#![cfg_attr(feature = "link", no_main)]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest as _, Sha256};
use stacker::services::{SignedRequest, is_signed_by_agent};

const SECRET: &[u8] = b"a secret that no input holds";

fn mac(text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or("?")
}

fuzz_target!(|bytes: &[u8]| {
    let [hash, timestamp, nonce, method, path, body] = fuzz::pieces(bytes);
    let optional = |bytes: &[u8]| (!bytes.is_empty()).then(|| text(bytes).to_owned());
    let (timestamp, nonce) = (optional(timestamp), optional(nonce));
    let (method, path) = (text(method), text(path));
    let request = SignedRequest {
        client: 1,
        hash: text(hash),
        timestamp: timestamp.as_deref(),
        nonce: nonce.as_deref(),
        method,
        path,
        body,
        address: None,
    };
    assert!(!request.is_signed_by(SECRET), "nobody knows the secret");
    let signed = if timestamp.is_some() || nonce.is_some() {
        let (time, nonce) = (timestamp.as_deref().unwrap_or_default(), nonce.as_deref().unwrap_or_default());
        let digest = hex::encode(Sha256::digest(body));
        mac(format!("{method}\n{path}\n{time}\n{nonce}\n{digest}").as_bytes())
    } else {
        mac(body)
    };
    let right = hex::encode(&signed);
    assert!(SignedRequest { hash: &right, ..request }.is_signed_by(SECRET));
    assert!(!SignedRequest { hash: &right[1..], ..request }.is_signed_by(SECRET));
    assert!(!SignedRequest { hash: &right, ..request }.is_signed_by(b"another"));

    let token = std::str::from_utf8(SECRET).unwrap();
    assert!(!is_signed_by_agent(text(hash), token, body));
    assert!(is_signed_by_agent(&STANDARD.encode(mac(body)), token, body));
});

/// Lets the target compile without the fuzzing library, so that its types and lints are checked. It does nothing then.
#[cfg(not(feature = "link"))]
fn main() {}
