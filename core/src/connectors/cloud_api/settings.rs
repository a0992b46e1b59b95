//! Where the providers' APIs are.

use std::time::Duration;

use url::Url;

/// An address of `None` is the provider's own. An address includes the version, as in `https://api.hetzner.cloud/v1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloudApiSettings {
    pub hetzner: Option<Url>,
    pub digital_ocean: Option<Url>,
    pub linode: Option<Url>,
    pub vultr: Option<Url>,
    /// For one request. Everything that a provider offers is read within three times as long.
    pub timeout: Duration,
}

impl Default for CloudApiSettings {
    fn default() -> Self {
        Self {
            hetzner: None,
            digital_ocean: None,
            linode: None,
            vultr: None,
            timeout: Duration::from_secs(5),
        }
    }
}
