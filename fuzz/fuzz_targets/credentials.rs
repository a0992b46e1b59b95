//! Reading the credentials of a request from arbitrary headers.
#![cfg_attr(feature = "link", no_main)]

#[path = "../../server/src/auth/credentials.rs"]
#[expect(dead_code, reason = "the server uses all of it")]
mod credentials;

use axum::http::HeaderMap;
use credentials::{Credentials, agent_id, bearer_of};
use libfuzzer_sys::fuzz_target;
use secrecy::ExposeSecret as _;

const NAMES: [&str; 8] = [
    "authorization",
    "cookie",
    "x-agent-id",
    "stacker-id",
    "stacker-hash",
    "stacker-timestamp",
    "stacker-nonce",
    "accept",
];

fn times(headers: &HeaderMap, name: &str) -> usize {
    headers.get_all(name).iter().count()
}

fuzz_target!(|bytes: &[u8]| {
    let headers = fuzz::headers(bytes, &NAMES);
    if let Some(bearer) = bearer_of(&headers) {
        let bearer = bearer.expose_secret();
        assert_eq!(times(&headers, "authorization"), 1);
        assert!(!bearer.is_empty() && bearer.len() <= 8192 && bearer.trim() == bearer);
        assert!(headers["authorization"].to_str().unwrap().ends_with(bearer) || bearer.is_ascii());
    }
    assert!(agent_id(&headers).is_none() || times(&headers, "x-agent-id") == 1);
    match Credentials::of(&headers) {
        Credentials::Agent => assert!(headers.contains_key("x-agent-id")),
        Credentials::Bearer(_) => assert!(!headers.contains_key("x-agent-id")),
        Credentials::Cookie(token) => {
            assert!(!headers.contains_key("authorization") && !headers.contains_key("x-agent-id"));
            let sent = headers.get_all("cookie").iter().any(|line| {
                line.to_str()
                    .is_ok_and(|line| line.contains("access_token") && line.contains(token.expose_secret()))
            });
            assert!(sent);
        }
        Credentials::Client(signature) => {
            for name in ["stacker-id", "stacker-hash"] {
                assert_eq!(times(&headers, name), 1);
            }
            assert_eq!(headers["stacker-hash"].to_str().unwrap().trim(), signature.hash);
            assert_eq!(signature.timestamp.is_some(), headers.contains_key("stacker-timestamp"));
            assert_eq!(signature.nonce.is_some(), headers.contains_key("stacker-nonce"));
        }
        Credentials::Unusable => {}
        Credentials::None => {
            let said = ["authorization", "x-agent-id", "stacker-id"];
            assert!(said.iter().all(|name| !headers.contains_key(*name)));
        }
    }
});

/// Lets the target compile without the fuzzing library, so that its types and lints are checked. It does nothing then.
#[cfg(not(feature = "link"))]
fn main() {}
