//! Signs the agent's calls: an HMAC over the body, keyed with the token.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::api::{AGENT_ID_HEADER, AGENT_SIGNATURE_HEADER, REQUEST_ID_HEADER, TIMESTAMP_HEADER};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::RequestBuilder;
use sha2::Sha256;

use super::ambient;

/// Adds the headers of `docs/agents.md`. The signature covers the bytes of the body.
pub fn signed(request: RequestBuilder, agent_id: &str, token: &str, body: &[u8]) -> RequestBuilder {
    request
        .header(AGENT_ID_HEADER, agent_id)
        .header(TIMESTAMP_HEADER, ambient::now().timestamp().to_string())
        .header(REQUEST_ID_HEADER, ambient::new_id().to_string())
        .header(AGENT_SIGNATURE_HEADER, signature(token, body))
        .bearer_auth(token)
}

fn signature(token: &str, body: &[u8]) -> String {
    // HMAC accepts keys of every length.
    Hmac::<Sha256>::new_from_slice(token.as_bytes())
        .map(|mut mac| {
            mac.update(body);
            STANDARD.encode(mac.finalize().into_bytes())
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_one_others_compute() {
        // printf 'The quick brown fox jumps over the lazy dog' | openssl dgst -sha256 -hmac key -binary | base64
        assert_eq!(
            signature("key", b"The quick brown fox jumps over the lazy dog"),
            "97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg="
        );
    }
}
