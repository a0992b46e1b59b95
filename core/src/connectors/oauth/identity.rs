//! Signing people in at a provider: the address to send the browser to, and the identity that comes back.

use std::fmt::Debug;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::access::Caller;
use secrecy::SecretString;
use url::Url;

use crate::connectors::oauth::lookup::LookupError;

/// Where a browser is sent, and what has to be known again when it comes back.
#[derive(Debug)]
pub struct Authorization {
    pub url: Url,
    /// Comes back in the address, and must be the one that this browser was sent with.
    pub state: SecretString,
    /// Of PKCE (RFC 7636): proves that who asks for the token is who sent the browser.
    pub verifier: SecretString,
}

/// What the provider is asked with again, as long as the session lasts.
#[derive(Clone, Debug)]
pub struct ProviderTokens {
    pub access: SecretString,
    pub refresh: Option<SecretString>,
    /// Of `access`, when the provider says so.
    pub expires_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug)]
pub struct Identity {
    pub caller: Caller,
    pub tokens: ProviderTokens,
}

#[async_trait]
pub trait IdentityProvider: Debug + Send + Sync {
    /// For people.
    fn name(&self) -> &str;

    /// Whether it is there: an answer of a few seconds ago, or one that takes no longer than two.
    async fn answers(&self) -> bool;

    /// Whether a browser can be sent there although it does not answer us.
    fn is_known(&self) -> bool;

    /// `return_to`: the address of this server that the provider knows.
    async fn authorize(&self, return_to: &Url) -> Result<Authorization, LookupError>;

    /// `issuer`: who says it sent the browser back (RFC 9207), when it says so.
    async fn callback(
        &self,
        return_to: &Url,
        code: SecretString,
        verifier: SecretString,
        issuer: Option<&str>,
    ) -> Result<Identity, LookupError>;

    /// Whether it is still so, and what has changed.
    async fn confirm(&self, tokens: &ProviderTokens) -> Result<Identity, LookupError>;
}
