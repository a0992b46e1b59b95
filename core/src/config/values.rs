//! Parses values as written in the file and in environment variables.

use std::str::FromStr;

use secrecy::SecretString;
use url::Url;

pub const BOOLEAN: &str = "true or false";

/// Accepts the booleans of YAML 1.2 and the usual forms in environment variables.
pub fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

pub fn number<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

/// For counts and times for which zero is not useful.
pub fn positive<T: FromStr + PartialOrd + Default>(text: &str) -> Option<T> {
    number(text).filter(|number| *number > T::default())
}

pub fn text(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// An empty secret is accepted.
pub fn secret(text: &str) -> Option<SecretString> {
    Some(SecretString::from(text))
}

pub fn http_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// `redis://host/0`, the same with TLS (`rediss`), or a unix socket: `unix:///path`, `redis+unix:///path`.
pub fn redis_url(text: &str) -> Option<SecretString> {
    let url = Url::parse(text).ok()?;
    let usable = match url.scheme() {
        "redis" | "rediss" => url.has_host(),
        "unix" | "redis+unix" => !url.has_host() && url.path().len() > 1,
        _ => false,
    };
    usable.then(|| SecretString::from(text))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("redis://127.0.0.1/0", true)]
    #[case("rediss://:secret@cache.example.com:6380", true)]
    #[case("unix:///run/redis/redis.sock", true)]
    #[case("redis+unix:///run/redis/redis.sock?db=1", true)]
    #[case("unix://", false)]
    #[case("unix://host/path", false)]
    #[case("redis://", false)]
    #[case("http://127.0.0.1", false)]
    fn redis_is_at_a_host_or_behind_a_socket(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(redis_url(text).is_some(), expected);
    }
}
