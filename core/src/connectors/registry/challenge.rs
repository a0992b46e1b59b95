//! What a registry asks for with `WWW-Authenticate` (RFC 9110, section 11.6.1).

use reqwest::{
    Url,
    header::{HeaderMap, WWW_AUTHENTICATE},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    Basic,
    Bearer { realm: Url, service: Option<String> },
}

impl Challenge {
    /// The first challenge that we can meet; a token is preferred. The scope is not read: it is always ours.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let values = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
        let found: Vec<Self> = values.filter_map(Self::read).collect();
        let bearer = found.iter().find(|challenge| matches!(challenge, Self::Bearer { .. }));
        bearer.or_else(|| found.first()).cloned()
    }

    /// Registries send one challenge for each header.
    fn read(text: &str) -> Option<Self> {
        let (scheme, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        if scheme.eq_ignore_ascii_case("basic") {
            return Some(Self::Basic);
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let (mut realm, mut service) = (None, None);
        for (name, value) in parameters(rest) {
            if name.eq_ignore_ascii_case("realm") {
                realm = Url::parse(&value).ok();
            } else if name.eq_ignore_ascii_case("service") {
                service = Some(value);
            }
        }
        Some(Self::Bearer { realm: realm?, service })
    }
}

/// `name="value", name=value`, as far as it can be read.
fn parameters(text: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((name, after)) = rest.split_once('=') {
        let (value, after) = value(after.trim_start());
        found.push((name.trim_matches([' ', '\t', ',']), value));
        rest = after;
    }
    found
}

/// A value, and what follows it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(',').unwrap_or(text.len());
        return (text[..end].trim().to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(letters.next().map(|(_, escaped)| escaped)),
            _ => value.push(letter),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;
    use rstest::rstest;

    use super::*;

    fn challenge(values: &[&str]) -> Option<Challenge> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(WWW_AUTHENTICATE, HeaderValue::from_str(value).unwrap());
        }
        Challenge::of(&headers)
    }

    fn bearer(realm: &str, service: Option<&str>) -> Option<Challenge> {
        Some(Challenge::Bearer { realm: realm.parse().unwrap(), service: service.map(str::to_owned) })
    }

    #[rstest]
    #[case(r#"Bearer realm="https://a.example.com/token",service="a, b",scope="x""#, Some("a, b"))]
    #[case(r#"bearer Service=plain , REALM = "https://a.example.com/token""#, Some("plain"))]
    #[case(r#"Bearer realm="https://a.example.com/token",service="say \"hi\"""#, Some("say \"hi\""))]
    #[case(r#"Bearer realm="https://a.example.com/token"#, None)]
    fn realm_and_service_are_found(#[case] text: &str, #[case] service: Option<&str>) {
        assert_eq!(challenge(&[text]), bearer("https://a.example.com/token", service));
    }

    #[test]
    fn a_token_is_preferred_to_a_password() {
        let token = r#"Bearer realm="https://a.example.com/""#;
        assert_eq!(challenge(&["Basic realm=\"x\"", token]), bearer("https://a.example.com/", None));
        assert_eq!(challenge(&["Digest x", "BASIC"]), Some(Challenge::Basic));
    }

    #[rstest]
    #[case("")]
    #[case("Bearer")]
    #[case("Bearer realm=\"not a url\"")]
    #[case("Negotiate abc==")]
    #[case("Bearer ===,\",")]
    fn what_cannot_be_met_is_no_challenge(#[case] text: &str) {
        assert_eq!(challenge(&[text]), None);
    }
}
