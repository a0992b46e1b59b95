//! Which credentials a request brings, before any of them is checked.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use secrecy::SecretString;
use uuid::Uuid;

pub(super) const AGENT: HeaderName = HeaderName::from_static("x-agent-id");
const CLIENT: HeaderName = HeaderName::from_static("stacker-id");
const HASH: HeaderName = HeaderName::from_static("stacker-hash");
const CLIENT_TIMESTAMP: HeaderName = HeaderName::from_static("stacker-timestamp");
const NONCE: HeaderName = HeaderName::from_static("stacker-nonce");
const ACCESS_TOKEN: &str = "access_token";
/// No valid bearer token is longer, so longer ones are not looked up.
const MAX_BEARER_BYTES: usize = 8 * 1024;

/// A credentials header is present more than once. A proxy in front could have checked either value, so neither counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ambiguous;

fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h HeaderValue>, Ambiguous> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() { Err(Ambiguous) } else { Ok(first) }
}

#[derive(Debug)]
pub enum Credentials {
    None,
    /// The credentials of an agent, which the agent routes check.
    Agent,
    Bearer(SecretString),
    /// A bearer token that the browser attaches by itself.
    Cookie(SecretString),
    /// The signature of an API client.
    Client(ClientSignature),
    /// A scheme this server does not support, or a malformed header.
    Unusable,
}

/// The signature of an API client. It is checked together with the body, which has not been read yet.
#[derive(Debug)]
pub struct ClientSignature {
    pub client: i32,
    pub hash: String,
    pub timestamp: Option<String>,
    pub nonce: Option<String>,
}

impl ClientSignature {
    /// `None` when a header is malformed.
    fn of(headers: &HeaderMap) -> Option<Self> {
        let text = |name: HeaderName| match only(headers, &name).ok()? {
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
        if headers.contains_key(header::AUTHORIZATION) {
            return bearer_of(headers).map_or(Self::Unusable, Self::Bearer);
        }
        if let Some(token) = cookie_of(headers, ACCESS_TOKEN) {
            return Self::Cookie(token.to_owned().into());
        }
        if headers.contains_key(CLIENT) {
            return ClientSignature::of(headers).map_or(Self::Unusable, Self::Client);
        }
        Self::None
    }
}

/// The bearer token of the request, of any kind.
pub(crate) fn bearer_of(headers: &HeaderMap) -> Option<SecretString> {
    only(headers, &header::AUTHORIZATION).ok()??.to_str().ok().and_then(bearer)
}

/// The first cookie of that name. Names are not decoded, because browsers let only the host itself set names with `__Host-`, but
/// treat `__%48ost-` as an ordinary name.
pub(crate) fn cookie_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (name.trim(), value.trim()))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// The agent that `X-Agent-Id` names.
pub(super) fn agent_id(headers: &HeaderMap) -> Option<Uuid> {
    only(headers, &AGENT).ok()??.to_str().ok()?.trim().parse().ok()
}

/// The scheme is compared case-insensitively (RFC 9110, 11.1).
fn bearer(value: &str) -> Option<SecretString> {
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    let fits = !token.is_empty() && token.len() <= MAX_BEARER_BYTES;
    (scheme.eq_ignore_ascii_case("bearer") && fits).then(|| token.to_owned().into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
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
    fn a_cookie_is_what_the_browser_calls_it() {
        let headers = |line: &str| HeaderMap::from_iter([(header::COOKIE, line.parse().unwrap())]);
        let of = |line: &str| cookie_of(&headers(line), "__Host-s").map(str::to_owned);
        assert_eq!(of("a=1;  __Host-s = x=y ; __Host-s=z").as_deref(), Some("x=y"));
        assert_eq!(of("__Host-s=%41").as_deref(), Some("%41"));
        for line in ["__%48ost-s=x", "__host-s=x", "__Host-s", "x__Host-s=x", "a=\"; __Host-s\"", "=__Host-s"]
        {
            assert_eq!(of(line), None, "{line}");
        }
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
        assert!(matches!(
            of(&[("authorization", &format!("Bearer {}", "x".repeat(8193)))]),
            Credentials::Unusable
        ));
    }

    #[test]
    fn a_header_that_is_there_twice_says_nothing() {
        const ID: &str = "0195f0a0-0000-7000-8000-000000000000";
        let twice = |name: &'static str, one: &str, other: &str| {
            let mut headers = HeaderMap::new();
            headers.append(name, one.parse().unwrap());
            headers.append(name, other.parse().unwrap());
            headers
        };
        let bearers = twice("authorization", "Bearer a", "Bearer a");
        assert!(matches!(Credentials::of(&bearers), Credentials::Unusable));
        assert!(bearer_of(&bearers).is_none());
        let agents = twice("x-agent-id", ID, ID);
        assert!(matches!(Credentials::of(&agents), Credentials::Agent));
        assert_eq!(agent_id(&agents), None);
        for name in ["stacker-id", "stacker-hash", "stacker-timestamp", "stacker-nonce"] {
            let mut headers = twice(name, "7", "7");
            for other in ["stacker-id", "stacker-hash"] {
                headers.entry(other).or_insert("7".parse().unwrap());
            }
            assert!(matches!(Credentials::of(&headers), Credentials::Unusable), "{name}");
        }
    }
    fn any_headers() -> impl Strategy<Value = HeaderMap> {
        let names = prop::sample::select(vec![
            "authorization",
            "cookie",
            "x-agent-id",
            "stacker-id",
            "stacker-hash",
            "stacker-timestamp",
            "stacker-nonce",
        ]);
        let values = prop_oneof![
            prop::collection::vec(any::<u8>(), 0..60),
            "(Bearer |bearer\\t|access_token=|; |[0-9]{1,3}|[ -~]{0,8}){0,6}".prop_map(String::into_bytes),
        ];
        prop::collection::vec((names, values), 0..6).prop_map(|lines| {
            let mut headers = HeaderMap::new();
            for (name, value) in lines {
                if let Ok(value) = HeaderValue::from_bytes(&value) {
                    headers.append(name, value);
                }
            }
            headers
        })
    }

    proptest! {
        #[test]
        fn whatever_is_sent_names_at_most_what_is_there_once(headers in any_headers()) {
            let times = |name: &str| headers.get_all(name).iter().count();
            match Credentials::of(&headers) {
                Credentials::Agent => prop_assert!(times("x-agent-id") > 0),
                Credentials::Bearer(token) => {
                    prop_assert_eq!((times("x-agent-id"), times("authorization")), (0, 1));
                    prop_assert!(!token.expose_secret().is_empty());
                }
                Credentials::Cookie(token) => {
                    prop_assert_eq!((times("x-agent-id"), times("authorization")), (0, 0));
                    let sent = headers.get_all("cookie").iter().any(|line| {
                        line.to_str().is_ok_and(|line| line.contains(token.expose_secret()))
                    });
                    prop_assert!(sent);
                }
                Credentials::Client(signature) => {
                    prop_assert_eq!((times("stacker-id"), times("stacker-hash")), (1, 1));
                    prop_assert_eq!(signature.nonce.is_some(), times("stacker-nonce") == 1);
                }
                Credentials::None => prop_assert_eq!(times("authorization") + times("stacker-id"), 0),
                Credentials::Unusable => {}
            }
        }

        #[test]
        fn a_bearer_comes_out_as_it_went_in(token in "[!-~]{1,200}", scheme in "[Bb][Ee][Aa][Rr][Ee][Rr]") {
            let Credentials::Bearer(found) = of(&[("authorization", &format!("{scheme} {token}"))]) else {
                return Err(TestCaseError::fail(token));
            };
            prop_assert_eq!(found.expose_secret(), &token);
        }
    }
}
