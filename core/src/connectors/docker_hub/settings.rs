//! How Docker Hub is asked.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

#[derive(Clone, Debug)]
pub struct BrowseSettings {
    /// Without the path of the API.
    pub base_url: Url,
    /// For one request; at least a second.
    pub timeout: Duration,
    /// How often one question is asked at most; at least once.
    pub attempts: u32,
    /// 1 to 100.
    pub page_size: u32,
    /// How long answers are kept. Zero: they are not kept.
    pub namespaces_ttl: Duration,
    pub repositories_ttl: Duration,
    pub tags_ttl: Duration,
    /// With a token: the account that asks.
    pub username: Option<String>,
    pub personal_access_token: Option<SecretString>,
}

impl BrowseSettings {
    /// The defaults for an address, without an account.
    pub fn new(base_url: Url) -> Self {
        Self {
            base_url,
            timeout: Duration::from_secs(10),
            attempts: 3,
            page_size: 50,
            namespaces_ttl: Duration::from_secs(86_400),
            repositories_ttl: Duration::from_secs(21_600),
            tags_ttl: Duration::from_secs(3_600),
            username: None,
            personal_access_token: None,
        }
    }
}
