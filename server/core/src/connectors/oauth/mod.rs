//! The sign-in provider, as far as it tells whose bearer it is (`auth_url`). What it does not confirm is nobody's.

mod cache;
mod client;
mod fake;
mod profile;

use std::{fmt::Debug, sync::Arc};

use async_trait::async_trait;
use domain::access::Caller;
use url::Url;

pub use cache::CachedLookup;
pub use client::ProviderClient;
pub use fake::FakeLookup;

#[async_trait]
pub trait UserLookup: Debug + Send + Sync {
    /// Whose bearer it is.
    async fn me(&self, bearer: &str) -> Result<Caller, LookupError>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// The provider does not know the bearer, or does not say who it belongs to.
    #[error("the sign-in provider does not confirm this bearer")]
    Refused,
    /// The provider did not answer: try again later.
    #[error("the sign-in provider does not answer")]
    Unavailable,
}

/// The real client behind its cache.
pub fn user_lookup(auth_url: Url) -> reqwest::Result<Arc<dyn UserLookup>> {
    Ok(Arc::new(CachedLookup::new(Arc::new(ProviderClient::new(auth_url)?))))
}
