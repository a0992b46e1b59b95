//! The HTTP client for the server: TLS with the system's roots and an optional additional one, proxies from the environment,
//! timeouts, and no redirects (a token must not be sent to another address).

use std::{fs, path::Path, time::Duration};

use anyhow::Context;
use reqwest::{Certificate, Client, redirect};

pub fn client(ca: Option<&Path>) -> anyhow::Result<Client> {
    // Fails only if a provider is already installed.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(concat!("stacker-agent/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .connect_timeout(Duration::from_secs(15))
        .timeout(Duration::from_secs(30))
        .pool_idle_timeout(Duration::from_secs(60))
        .tcp_keepalive(Duration::from_secs(30));
    if let Some(path) = ca {
        let pem =
            fs::read(path).with_context(|| format!("cannot read the certificates in {}", path.display()))?;
        let certificates = Certificate::from_pem_bundle(&pem)
            .with_context(|| format!("{} holds no certificates in PEM form", path.display()))?;
        builder = builder.tls_certs_merge(certificates);
    }
    builder.build().context("cannot set up TLS")
}

/// Checks the address and removes a trailing slash. `http` is accepted; [`is_open`] tells whether a warning is needed.
pub fn base_url(text: &str) -> anyhow::Result<String> {
    let url = url::Url::parse(text)
        .with_context(|| format!("`{text}` is not an address like https://stacker.example"))?;
    anyhow::ensure!(
        matches!(url.scheme(), "http" | "https"),
        "`{text}` begins neither with https:// nor with http://"
    );
    anyhow::ensure!(url.host_str().is_some(), "`{text}` names no host");
    anyhow::ensure!(
        url.username().is_empty() && url.password().is_none(),
        "leave user and password out of the address"
    );
    anyhow::ensure!(
        url.query().is_none() && url.fragment().is_none(),
        "leave everything from `?` or `#` on out of the address"
    );
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Whether others on the network can read what is sent to this address.
pub fn is_open(base_url: &str) -> bool {
    let Ok(url) = url::Url::parse(base_url) else { return true };
    let loopback = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "http" && !loopback
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_people_write_them() {
        assert_eq!(base_url("https://s.example/").unwrap(), "https://s.example");
        assert_eq!(base_url("http://127.0.0.1:8000/stacker/").unwrap(), "http://127.0.0.1:8000/stacker");
        for wrong in ["s.example", "ftp://s.example", "https://u:p@s.example", "https://s.example?code=1"] {
            assert!(base_url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn plain_http_is_open_except_on_this_machine() {
        assert!(is_open("http://10.0.0.1"));
        assert!(
            !is_open("http://127.0.0.1:8000")
                && !is_open("http://localhost")
                && !is_open("https://a.example")
        );
    }
}
