//! The only constructor of HTTP clients: timeouts, our TLS roots, and no redirects, which could carry a secret elsewhere.

use std::time::Duration;

use reqwest::{Client, ClientBuilder, redirect};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// `timeout` holds for the whole exchange, the body included.
pub fn build(timeout: Duration) -> reqwest::Result<Client> {
    builder(timeout).build()
}

/// For clients that need more: certificates of their own, for example.
pub fn builder(timeout: Duration) -> ClientBuilder {
    Client::builder()
        .timeout(timeout)
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .redirect(redirect::Policy::none())
        .user_agent(concat!("stacker/", env!("CARGO_PKG_VERSION")))
}
