//! Signing people in at a provider: building the address that the browser is sent to, and reading the identity at the callback.

use std::fmt::Debug;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::access::Caller;
use secrecy::SecretString;
use url::Url;

use crate::connectors::oauth::lookup::LookupError;

/// Where to send a browser, and the values to check when it returns.
#[derive(Debug)]
pub struct Authorization {
    pub url: Url,
    /// Returned in the callback URL; must equal the value that this browser was sent with.
    pub state: SecretString,
    /// The PKCE verifier (RFC 7636): proves that the server that requests the token is the one that sent the browser.
    pub verifier: SecretString,
}

/// The tokens for asking the provider again while the session lasts.
#[derive(Clone, Debug)]
pub struct ProviderTokens {
    pub access: SecretString,
    pub refresh: Option<SecretString>,
    /// When `access` expires, if the provider tells.
    pub expires_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug)]
pub struct Identity {
    pub caller: Caller,
    pub tokens: ProviderTokens,
}

#[async_trait]
pub trait IdentityProvider: Debug + Send + Sync {
    /// The provider's name, shown to users.
    fn name(&self) -> &str;

    /// Whether the provider responds. The answer may be a few seconds old; a request takes two seconds at most.
    async fn answers(&self) -> bool;

    /// Whether the address to send browsers to is known, even if the provider does not respond to this server.
    fn is_known(&self) -> bool;

    /// `return_to`: the address of this server that is registered at the provider.
    async fn authorize(&self, return_to: &Url) -> Result<Authorization, LookupError>;

    /// `issuer`: the issuer that the callback names (RFC 9207), if any.
    async fn callback(
        &self,
        return_to: &Url,
        code: SecretString,
        verifier: SecretString,
        issuer: Option<&str>,
    ) -> Result<Identity, LookupError>;

    /// Asks the provider whether the session is still valid; returns the current identity.
    async fn confirm(&self, tokens: &ProviderTokens) -> Result<Identity, LookupError>;
}
