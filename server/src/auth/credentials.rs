//! What a request says about who is asking, before anything is believed.

use axum::http::{HeaderMap, HeaderName, header};
use axum_extra::extract::CookieJar;
use secrecy::SecretString;

pub(super) const AGENT: HeaderName = HeaderName::from_static("x-agent-id");
const CLIENT: HeaderName = HeaderName::from_static("stacker-id");
const HASH: HeaderName = HeaderName::from_static("stacker-hash");
const CLIENT_TIMESTAMP: HeaderName = HeaderName::from_static("stacker-timestamp");
const NONCE: HeaderName = HeaderName::from_static("stacker-nonce");
const ACCESS_TOKEN: &str = "access_token";

#[derive(Debug)]
pub enum Credentials {
    None,
    /// Of an agent, which routes of agents look at themselves.
    Agent,
    Bearer(SecretString),
    /// A bearer that the browser attaches by itself.
    Cookie(SecretString),
    /// Of a program that signs.
    Client(ClientSignature),
    /// A method this server does not offer, or a header that is not written as it should be.
    Unusable,
}

/// Checked with the body, which is not read yet.
#[derive(Debug)]
pub struct ClientSignature {
    pub client: i32,
    pub hash: String,
    pub timestamp: Option<String>,
    pub nonce: Option<String>,
}

impl ClientSignature {
    /// `None`: not written as it should be.
    fn of(headers: &HeaderMap) -> Option<Self> {
        let text = |name: HeaderName| match headers.get(name) {
            None => Some(None),
            Some(value) => value.to_str().ok().map(|text| Some(text.trim().to_owned())),
        };
        Some(Self {
            client: text(CLIENT)??.parse().ok()?,
            hash: text(HASH)??,
            timestamp: text(CLIENT_TIMESTAMP)?,
            nonce: text(NONCE)?,
        })
    }
}

impl Credentials {
    pub fn of(headers: &HeaderMap) -> Self {
        if headers.contains_key(AGENT) {
            return Self::Agent;
        }
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            return value.to_str().ok().and_then(bearer).map_or(Self::Unusable, Self::Bearer);
        }
        if let Some(cookie) = CookieJar::from_headers(headers).get(ACCESS_TOKEN) {
            return Self::Cookie(cookie.value().to_owned().into());
        }
        if headers.contains_key(CLIENT) {
            return ClientSignature::of(headers).map_or(Self::Unusable, Self::Client);
        }
        Self::None
    }
}

/// Whatever it stands for.
pub(crate) fn bearer_of(headers: &HeaderMap) -> Option<SecretString> {
    headers.get(header::AUTHORIZATION)?.to_str().ok().and_then(bearer)
}

/// The scheme is compared without case (RFC 9110, 11.1).
fn bearer(value: &str) -> Option<SecretString> {
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.to_owned().into())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn of(pairs: &[(&'static str, &str)]) -> Credentials {
        let headers = pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        Credentials::of(&headers)
    }

    #[test]
    fn the_bearer_comes_before_the_cookie() {
        let Credentials::Bearer(token) = of(&[("cookie", "access_token=c"), ("authorization", "Bearer b")])
        else {
            panic!()
        };
        assert_eq!(token.expose_secret(), "b");
        let Credentials::Cookie(token) = of(&[("cookie", "a=1; access_token=c")]) else { panic!() };
        assert_eq!(token.expose_secret(), "c");
    }

    #[test]
    fn a_signature_names_its_client() {
        let Credentials::Client(signature) = of(&[("stacker-id", "7"), ("stacker-hash", "ab")]) else {
            panic!()
        };
        assert_eq!((signature.client, signature.hash.as_str(), signature.nonce), (7, "ab", None));
        let pairs = [("stacker-id", "7"), ("stacker-hash", "ab"), ("authorization", "Bearer b")];
        assert!(matches!(of(&pairs), Credentials::Bearer(_)));
    }

    #[test]
    fn what_is_not_offered_is_refused_rather_than_ignored() {
        for pairs in [
            [("stacker-id", "1"), ("accept", "*/*")],
            [("stacker-id", "one"), ("stacker-hash", "ab")],
            [("stacker-id", "99999999999"), ("stacker-hash", "ab")],
            [("authorization", "Basic YTpi"), ("accept", "*/*")],
            [("authorization", "Bearer "), ("accept", "*/*")],
        ] {
            assert!(matches!(of(&pairs), Credentials::Unusable), "{pairs:?}");
        }
        assert!(matches!(of(&[]), Credentials::None));
        let agent = of(&[("x-agent-id", "8b1c"), ("authorization", "Bearer b")]);
        assert!(matches!(agent, Credentials::Agent));
    }
}
