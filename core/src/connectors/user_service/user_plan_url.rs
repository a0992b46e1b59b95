//! The address for the profile of a person: a URL with `{user_id}` where the id belongs.

use std::fmt::Write as _;

use url::Url;

const PLACE: &str = "{user_id}";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserPlanUrl(String);

impl UserPlanUrl {
    /// `None` unless it is an HTTP address whose path or query has the place for the id.
    pub fn parse(text: &str) -> Option<Self> {
        let template = Self(text.to_owned());
        let (one, other) = (template.of("one")?, template.of("other")?);
        let is_http = matches!(one.scheme(), "http" | "https") && one.has_host();
        // The id must not choose the server that gets our token.
        let same_server = one.origin() == other.origin() && one.username() == other.username();
        let is_sent = (one.path(), one.query()) != (other.path(), other.query());
        (is_http && same_server && one.password() == other.password() && is_sent).then_some(template)
    }

    /// `None` for an id that the address cannot carry.
    pub fn of(&self, user_id: &str) -> Option<Url> {
        // As a segment of a path, these would lead elsewhere even when they are encoded.
        if user_id.is_empty() || matches!(user_id, "." | "..") {
            return None;
        }
        Url::parse(&self.0.replace(PLACE, &encoded(user_id))).ok()
    }
}

/// Encodes everything that is not plain (RFC 3986, 2.3).
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://users.example/plans/{user_id}", "https://users.example/plans/a%2Fb%3Fc")]
    #[case(
        "https://users.example/plan?user={user_id}&full=1",
        "https://users.example/plan?user=a%2Fb%3Fc&full=1"
    )]
    fn an_id_stays_inside_its_place(#[case] template: &str, #[case] expected: &str) {
        let url = UserPlanUrl::parse(template).unwrap().of("a/b?c").unwrap();
        assert_eq!(url.as_str(), expected);
    }

    #[rstest]
    #[case("https://users.example/plans")]
    #[case("https://{user_id}.example/plans")]
    #[case("https://users.example/plans#{user_id}")]
    #[case("https://users.example:{user_id}/")]
    #[case("https://{user_id}@users.example/plans/{user_id}")]
    #[case("ftp://users.example/{user_id}")]
    #[case("/plans/{user_id}")]
    fn an_address_must_have_a_place_for_the_id_behind_the_server(#[case] template: &str) {
        assert_eq!(UserPlanUrl::parse(template), None);
    }

    #[rstest]
    #[case("")]
    #[case(".")]
    #[case("..")]
    fn an_id_that_would_lead_elsewhere_is_not_asked_about(#[case] user_id: &str) {
        assert_eq!(UserPlanUrl::parse("https://users.example/plans/{user_id}").unwrap().of(user_id), None);
    }
}
