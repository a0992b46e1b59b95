//! Sign-in providers. An identity that the provider does not confirm is refused.
//!
//! - [`UserLookup`]: finds the owner of a bearer token (`auth_url`)
//! - [`IdentityProvider`]: signs people in with their browser (`oauth`)

mod cache;
mod claims;
mod client;
mod fake;
mod identity;
mod lookup;
mod presence;
mod profile;
mod provider;

use std::sync::Arc;

use url::Url;

pub use cache::CachedLookup;
pub use client::ProviderClient;
pub use fake::{FakeIdentities, FakeLookup};
pub use identity::{Authorization, Identity, IdentityProvider, ProviderTokens};
pub use lookup::{LookupError, UserLookup};
pub use provider::OAuthProvider;

use crate::{config::Settings, context::Context};

/// The real client behind a cache.
pub fn user_lookup(auth_url: Url) -> reqwest::Result<Arc<dyn UserLookup>> {
    Ok(Arc::new(CachedLookup::new(Arc::new(ProviderClient::new(auth_url)?))))
}

/// The configured provider, if any.
pub fn identity_provider(
    settings: &Settings,
    context: &Context,
) -> reqwest::Result<Option<Arc<dyn IdentityProvider>>> {
    let Some(settings) = settings.oauth.clone() else { return Ok(None) };
    Ok(Some(Arc::new(OAuthProvider::new(settings, context.clone())?)))
}
