//! Where people reach this server: scheme, host and port. Cookies, HSTS and printed links depend on it.

use std::{fmt, net::SocketAddr};

use url::Url;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(Url);

impl Origin {
    /// `https://stacker.example`; a path is not part of it.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.path() == "/"
            && url.query().is_none();
        plain.then_some(Self(url))
    }

    /// For a server without a proxy in front.
    pub fn of_listener(address: SocketAddr) -> Option<Self> {
        Self::parse(&format!("http://{address}"))
    }

    /// The address of a page with one button, which redeems the code.
    pub fn sign_in_link(&self, code: &str) -> String {
        format!("{self}/sign-in?code={code}")
    }

    /// The address to which a sign-in provider sends browsers back; it must be registered at the provider.
    pub fn sign_in_return(&self) -> Url {
        let mut url = self.0.clone();
        url.set_path("/sign-in/callback");
        url
    }

    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_no_path() {
        assert_eq!(Origin::parse("https://stacker.example/").unwrap().to_string(), "https://stacker.example");
        assert!(Origin::parse("https://stacker.example/app").is_none());
        assert!(Origin::parse("ftp://stacker.example").is_none());
    }

    #[test]
    fn an_ipv6_listener_is_written_in_brackets() {
        let origin = Origin::of_listener("[::1]:8000".parse().unwrap()).unwrap();
        assert_eq!(origin.to_string(), "http://[::1]:8000");
    }
}
