//! Sign-in at a provider: a browser is sent there, and returns with a code that only this server can use.
//!
//! What the server must know on return travels in a sealed cookie, so that any server can read it and none has to store it.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

use crate::{
    connectors::oauth::{IdentityProvider, LookupError},
    crypto::{SealedColumn, same_secret},
    services::{
        core::Core,
        sign_in::{
            sessions::Sessions,
            sessions::{Browser, SessionToken, note_refused},
        },
    },
};

/// From authorization to return: long enough to find a second factor.
pub const AUTHORIZATION_LIFETIME: TimeDelta = TimeDelta::minutes(15);
/// A longer address to return to is ignored.
const MAX_NEXT: usize = 512;
const PLACE: SealedColumn<'static> = SealedColumn { table: "cookie", column: "sign_in", row: "" };

#[derive(Debug, thiserror::Error)]
pub enum ProviderSignInError {
    /// The person, or the provider on their behalf, declined the sign-in.
    #[error("the sign-in was cancelled or refused at the provider")]
    Denied,
    /// The browser came back too late, it is another browser, or the sign-in was not begun here.
    #[error("this sign-in was started in another browser or too long ago")]
    Expired,
    #[error("the sign-in provider did not confirm the user")]
    Refused,
    #[error("the sign-in provider does not answer")]
    Unavailable,
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl From<LookupError> for ProviderSignInError {
    fn from(error: LookupError) -> Self {
        match error {
            LookupError::Refused => Self::Refused,
            LookupError::Unavailable => Self::Unavailable,
        }
    }
}

/// The query with which the provider sends the browser back.
#[derive(Debug, Default, Deserialize)]
pub struct CallbackQuery {
    pub code: Option<SecretString>,
    pub state: Option<SecretString>,
    pub error: Option<String>,
    /// The issuer (RFC 9207).
    pub iss: Option<String>,
}

#[derive(Debug)]
pub struct SignedInBrowser {
    pub token: SessionToken,
    /// The page of this server to open next.
    pub next: String,
}

/// The content of the sealed cookie.
#[derive(Serialize, Deserialize)]
struct Kept {
    state: String,
    verifier: String,
    next: String,
    expires_at: DateTime<Utc>,
}

#[derive(Clone, Debug)]
pub struct ProviderSignIn {
    pub(in crate::services) core: Arc<Core>,
    pub(in crate::services) provider: Arc<dyn IdentityProvider>,
    pub(in crate::services) sessions: Sessions,
}

impl ProviderSignIn {
    /// The name of the provider, for people.
    pub fn provider_name(&self) -> &str {
        self.provider.name()
    }

    /// Whether a browser can be sent to the provider even if the provider does not answer this server.
    pub fn is_known(&self) -> bool {
        self.provider.is_known()
    }

    /// Like [`Self::authorize`], but fails while the provider does not answer: the error page of the provider, or of a proxy in
    /// front of it, would explain less than ours. The check takes two seconds at most.
    pub async fn authorize_if_it_answers(
        &self,
        return_to: &Url,
        next: Option<&str>,
    ) -> Result<(Url, String), ProviderSignInError> {
        if !self.provider.answers().await {
            return Err(ProviderSignInError::Unavailable);
        }
        self.authorize(return_to, next).await
    }

    /// Returns where to send the browser, and the cookie that it must come back with. `next`: the page to open after that.
    pub async fn authorize(
        &self,
        return_to: &Url,
        next: Option<&str>,
    ) -> Result<(Url, String), ProviderSignInError> {
        let authorization = self.provider.authorize(return_to).await?;
        let kept = Kept {
            state: authorization.state.expose_secret().to_owned(),
            verifier: authorization.verifier.expose_secret().to_owned(),
            next: next.and_then(page_of_ours).unwrap_or("/").to_owned(),
            expires_at: self.core.context.clock.now() + AUTHORIZATION_LIFETIME,
        };
        let text = serde_json::to_vec(&kept).map_err(anyhow::Error::from)?;
        let sealed = self.core.keyring.seal(self.core.context.random.as_ref(), &text, PLACE);
        Ok((authorization.url, URL_SAFE_NO_PAD.encode(sealed.map_err(anyhow::Error::from)?)))
    }

    /// Completes a sign-in. `cookie`: the cookie that [`Self::authorize`] returned.
    pub async fn callback(
        &self,
        return_to: &Url,
        cookie: Option<&str>,
        returned: CallbackQuery,
        browser: &Browser,
    ) -> Result<SignedInBrowser, ProviderSignInError> {
        let signed_in = self.callback_with(return_to, cookie, returned, browser).await;
        let reason = match &signed_in {
            Err(ProviderSignInError::Denied) => "denied",
            Err(ProviderSignInError::Expired) => "expired",
            Err(ProviderSignInError::Refused) => "refused",
            Ok(_) | Err(ProviderSignInError::Unavailable | ProviderSignInError::Internal(_)) => {
                return signed_in;
            }
        };
        let details = json!({"way": "provider", "reason": reason});
        note_refused(&self.core.pool, &self.core.context, browser, details).await;
        signed_in
    }

    async fn callback_with(
        &self,
        return_to: &Url,
        cookie: Option<&str>,
        returned: CallbackQuery,
        browser: &Browser,
    ) -> Result<SignedInBrowser, ProviderSignInError> {
        // Checked before anything in the address is trusted: it proves that this server sent the browser to the provider.
        let kept = cookie.and_then(|cookie| self.kept(cookie)).ok_or(ProviderSignInError::Expired)?;
        let state = returned.state.unwrap_or_default();
        if !same_secret(state.expose_secret().as_bytes(), kept.state.as_bytes()) {
            return Err(ProviderSignInError::Expired);
        }
        let code = match (returned.error.as_deref(), returned.code) {
            (None, Some(code)) => code,
            (Some("temporarily_unavailable" | "server_error"), _) => {
                return Err(ProviderSignInError::Unavailable);
            }
            (Some(_), _) => return Err(ProviderSignInError::Denied),
            (None, None) => return Err(ProviderSignInError::Refused),
        };
        let verifier = kept.verifier.into();
        let identity = self.provider.callback(return_to, code, verifier, returned.iss.as_deref()).await?;
        let sessions = &self.sessions;
        let token = sessions.start_with(&identity.caller, browser, Some(&identity.tokens)).await;
        Ok(SignedInBrowser { token: token.map_err(anyhow::Error::from)?, next: kept.next })
    }

    fn kept(&self, cookie: &str) -> Option<Kept> {
        let sealed = URL_SAFE_NO_PAD.decode(cookie).ok()?;
        let text = self.core.keyring.open(&sealed, PLACE).ok()?;
        let kept: Kept = serde_json::from_slice(text.expose_secret()).ok()?;
        (kept.expires_at > self.core.context.clock.now()).then_some(kept)
    }
}

/// Accepts only a path on this server, not `//host`, `/\host` or other forms that browsers take for another host.
fn page_of_ours(next: &str) -> Option<&str> {
    let plain = next.len() <= MAX_NEXT && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (plain && next.starts_with('/') && !next.starts_with("//") && !next.starts_with("/sign-in"))
        .then_some(next)
}

#[cfg(test)]
mod tests {
    use crate::services::sign_in::provider::page_of_ours;

    #[test]
    fn only_pages_of_this_server_are_gone_to_after_signing_in() {
        for page in ["/", "/projects/1", "/deployments/x?a=b#c"] {
            assert_eq!(page_of_ours(page), Some(page));
        }
        for page in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\r\nset-cookie: b",
            "/sign-in?code=x",
            " /a",
        ] {
            assert_eq!(page_of_ours(page), None, "{page}");
        }
        assert_eq!(page_of_ours(&format!("/{}", "x".repeat(600))), None);
    }
}
