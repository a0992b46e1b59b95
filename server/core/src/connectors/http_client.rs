//! The one constructor of HTTP clients: time limits, our TLS roots, no redirects that could carry a secret elsewhere.

use std::time::Duration;

use reqwest::{Client, redirect};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// `timeout` holds for the whole exchange, the body included.
pub fn build(timeout: Duration) -> reqwest::Result<Client> {
    Client::builder()
        .timeout(timeout)
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .redirect(redirect::Policy::none())
        .user_agent(concat!("stacker/", env!("CARGO_PKG_VERSION")))
        .build()
}
