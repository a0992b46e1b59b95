//! The providers' own APIs, asked read-only: is a key valid, and what does the provider offer. Machines are created by the
//! install service, never from here.
//!
//! - [`CloudApi`]: the questions; [`CloudApiClient`] asks the providers, [`FakeCloudApi`] is for tests
//!
//! To add a provider with a simple bearer token: a file with its [`provider::Provider`], and a line in `provider.rs`.

mod client;
mod digital_ocean;
mod fake;
mod hetzner;
mod json;
mod linode;
mod provider;
mod settings;
#[cfg(test)]
mod tests;
mod vultr;

use std::fmt::Debug;

use async_trait::async_trait;
use secrecy::SecretString;

pub use client::CloudApiClient;
pub use domain::cloud::{Offers, OsImage, Price, Region, Size};
pub use fake::FakeCloudApi;
pub use settings::CloudApiSettings;

/// `provider` is the code that the cloud key is stored with, such as `hetzner` or `htz`.
#[async_trait]
pub trait CloudApi: Debug + Send + Sync {
    async fn check(&self, provider: &str, token: &SecretString) -> KeyVerdict;

    async fn offers(&self, provider: &str, token: &SecretString) -> Result<Offers, OffersError>;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyVerdict {
    /// With the name of the account, where the provider tells it.
    Valid {
        account: Option<String>,
    },
    Refused,
    /// Nothing is known about the key. The reason is a plain text that completes "the provider …".
    Unreachable(String),
    /// Keys of this provider cannot be checked with one token.
    NotSupported,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OffersError {
    #[error("this provider cannot be asked for what it offers")]
    NotSupported,
    #[error("the provider refuses the key")]
    Refused,
    #[error("the provider {0}")]
    Unreachable(String),
}
