//! The only constructor of HTTP clients. It sets timeouts and our TLS roots, and no redirects, which could pass a secret to
//! another server.

use std::time::Duration;

use reqwest::{Client, ClientBuilder, redirect};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// `timeout` covers the whole exchange, including the body.
pub fn build(timeout: Duration) -> reqwest::Result<Client> {
    builder(timeout).build()
}

/// For clients with additional settings, for example their own certificates.
pub fn builder(timeout: Duration) -> ClientBuilder {
    Client::builder()
        .timeout(timeout)
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .redirect(redirect::Policy::none())
        .user_agent(concat!("stacker/", env!("CARGO_PKG_VERSION")))
}
