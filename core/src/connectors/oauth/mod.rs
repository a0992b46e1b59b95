//! Sign-in providers. What they do not confirm is nobody's.
//!
//! - [`UserLookup`]: whose bearer it is (`auth_url`)
//! - [`IdentityProvider`]: who comes back from signing in there with a browser (`oauth`)

mod cache;
mod claims;
mod client;
mod fake;
mod identity;
mod presence;
mod profile;
mod provider;

use std::{fmt::Debug, sync::Arc};

use async_trait::async_trait;
use domain::access::Caller;
use url::Url;

pub use cache::CachedLookup;
pub use client::ProviderClient;
pub use fake::{FakeIdentities, FakeLookup};
pub use identity::{Departure, Identity, IdentityProvider, ProviderTokens};
pub use provider::OAuthProvider;

use crate::{config::Settings, context::Context};

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

/// The configured one, where one is.
pub fn identity_provider(
    settings: &Settings,
    context: &Context,
) -> reqwest::Result<Option<Arc<dyn IdentityProvider>>> {
    let Some(settings) = settings.oauth.clone() else { return Ok(None) };
    Ok(Some(Arc::new(OAuthProvider::new(settings, context.clone())?)))
}
