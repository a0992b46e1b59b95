//! The address at which people and agents reach this server. It is part of the commands that people paste.

use std::sync::{Arc, OnceLock};

use url::{Host, Url};

use crate::config::ServerSettings;

/// Has no slash at its end.
#[derive(Clone, Debug)]
pub struct PublicUrl {
    /// From the settings; the port can still be 0.
    configured: Arc<str>,
    /// Whether the settings name the address; otherwise it is the one that the server listens on.
    is_named: bool,
    /// Set once the server listens.
    real: Arc<OnceLock<String>>,
}

/// Scheme, host and port of the server, as a host is to reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Has no slash at its end. Not yet quoted for a shell.
    pub text: String,
    pub is_loopback: bool,
    pub is_https: bool,
}

impl PublicUrl {
    pub fn of(settings: &ServerSettings) -> Self {
        let configured = match &settings.public_url {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => format!("http://{}:{}", settings.host, settings.port),
        };
        Self { configured: configured.into(), is_named: settings.public_url.is_some(), real: Arc::default() }
    }

    /// Only the first call has an effect.
    pub fn set(&self, url: &str) {
        self.real.get_or_init(|| url.trim_end_matches('/').to_owned());
    }

    pub fn get(&self) -> &str {
        self.real.get().map_or(&self.configured, String::as_str)
    }

    /// The address for hosts: the one in the settings, otherwise the one that the user's browser used, otherwise the one that the
    /// server listens on.
    pub fn for_hosts(&self, reached_at: Option<&str>) -> Address {
        let reached_at = reached_at.filter(|_| !self.is_named);
        let parsed = reached_at.and_then(Address::parse).or_else(|| Address::parse(self.get()));
        parsed.unwrap_or_else(|| Address { text: self.get().to_owned(), is_loopback: false, is_https: false })
    }
}

impl Address {
    /// Keeps scheme, host and port. `None` for what is no http(s) address.
    fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let is_https = url.scheme() == "https";
        if !is_https && url.scheme() != "http" {
            return None;
        }
        Some(Self {
            is_loopback: is_loopback(url.host()?),
            is_https,
            text: url.origin().ascii_serialization(),
        })
    }
}

/// Whether no other machine reaches the server there. The unspecified address is one to listen on only.
fn is_loopback(host: Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => address.is_loopback() || address.is_unspecified(),
        Host::Ipv6(address) => {
            address.is_loopback()
                || address.is_unspecified()
                || address.to_ipv4_mapped().is_some_and(|address| address.is_loopback())
        }
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listening(named: bool, configured: &str) -> PublicUrl {
        PublicUrl { configured: configured.into(), is_named: named, real: Arc::default() }
    }

    #[test]
    fn the_settings_go_before_the_browser_and_the_browser_before_the_listener() {
        let of = |url: &PublicUrl, browser: Option<&str>| url.for_hosts(browser).text;
        let named = listening(true, "https://s.example");
        assert_eq!(of(&named, Some("http://10.0.0.2:8000")), "https://s.example");
        let unnamed = listening(false, "http://127.0.0.1:8000");
        assert_eq!(of(&unnamed, Some("http://10.0.0.2:8000")), "http://10.0.0.2:8000");
        for no_address in [None, Some(""), Some("javascript:alert(1)"), Some("null"), Some("ftp://x")] {
            assert_eq!(of(&unnamed, no_address), "http://127.0.0.1:8000", "{no_address:?}");
        }
    }

    #[test]
    fn only_scheme_host_and_port_are_left_of_an_address() {
        let address = Address::parse("https://ada:secret@S.example:8443/a?b=c#d").unwrap();
        assert_eq!((address.text.as_str(), address.is_https), ("https://s.example:8443", true));
    }

    #[test]
    fn an_address_that_no_other_machine_reaches_is_told() {
        let local = [
            "http://localhost",
            "http://a.localhost:1",
            "http://127.9.9.9",
            "http://[::1]:8000",
            "http://[::ffff:127.0.0.1]",
            "http://0.0.0.0:8000",
            "http://[::]",
        ];
        for address in local {
            assert!(Address::parse(address).unwrap().is_loopback, "{address}");
        }
        for address in
            ["http://10.0.0.2", "https://s.example", "http://localhost.example", "http://[fd00::1]"]
        {
            assert!(!Address::parse(address).unwrap().is_loopback, "{address}");
        }
    }
}
