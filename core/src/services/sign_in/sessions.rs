//! Browser sessions. The cookie holds a random value, the database its SHA-256.
//!
//! For people who signed in at a provider, the server asks the provider again from time to time: a changed role takes effect, and
//! a user who no longer exists there is signed out here.

use std::{net::IpAddr, sync::Arc};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access::Caller,
    api::BrowserSession,
    audit::AuditOutcome,
    problem::{Problem, UseCaseError},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    connectors::oauth::{LookupError, ProviderTokens},
    context::Context,
    crypto::{random_secret, token_hash},
    db::{
        Pool,
        accounts::sessions::{self, AtProvider, FoundSession, NewSession, provider_tokens_place},
        audit_log::{self, AuditEntry},
    },
    services::{audit::note, core::Core},
};

/// Counted from sign-in, whether the session is used or not.
pub const SESSION_LIFETIME: TimeDelta = TimeDelta::days(14);
/// While the provider is unreachable, sessions stay valid for this long and no longer.
pub const UNCONFIRMED_FOR: TimeDelta = TimeDelta::hours(12);
/// The longest user agent that is stored; further characters carry no meaning.
const MAX_USER_AGENT: usize = 200;

/// The value of the cookie.
pub type SessionToken = SecretString;

#[derive(Debug, thiserror::Error)]
#[error("the session could not be stored or looked up")]
pub struct SessionError(#[from] anyhow::Error);

impl UseCaseError for SessionError {
    fn problem(&self) -> Problem {
        Problem::internal()
    }
}

/// What is known about a browser that signs in.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    pub user_agent: Option<String>,
    pub address: Option<IpAddr>,
}

#[derive(Clone, Debug)]
pub struct Sessions {
    core: Arc<Core>,
}

impl Sessions {
    pub(in crate::services) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    pub async fn start(&self, caller: &Caller, browser: &Browser) -> Result<SessionToken, SessionError> {
        self.start_with(caller, browser, None).await
    }

    pub(super) async fn start_with(
        &self,
        caller: &Caller,
        browser: &Browser,
        tokens: Option<&ProviderTokens>,
    ) -> Result<SessionToken, SessionError> {
        let random = self.core.context.random.as_ref();
        let token = random_secret(random, "");
        let now = self.core.context.clock.now();
        let id = random.uuid_v4();
        let sealed = tokens.map(|tokens| self.seal(id, tokens)).transpose()?;
        let user_agent =
            browser.user_agent.as_ref().map(|name| name.chars().take(MAX_USER_AGENT).collect::<String>());
        let mut transaction = self.core.pool.begin().await.context("beginning")?;
        let new = NewSession {
            id,
            token: &token_hash(token.expose_secret()),
            caller,
            user_agent: user_agent.as_deref(),
            address: browser.address,
            provider_tokens: sealed.as_deref(),
            now,
            expires_at: now + SESSION_LIFETIME,
        };
        sessions::insert(&mut transaction, new).await?;
        let way = if tokens.is_some() { "provider" } else { "link" };
        let details = json!({"session": id, "way": way});
        let entry = AuditEntry {
            details,
            address: browser.address,
            ..self.core.context.audited_by(caller, "session.started")
        };
        audit_log::record(&mut transaction, entry).await?;
        transaction.commit().await.context("committing")?;
        Ok(token)
    }

    /// `None` for a session that is unknown, ended, too old, or no longer confirmed by its provider.
    pub async fn find(&self, token: &str) -> Result<Option<Caller>, SessionError> {
        let now = self.core.context.clock.now();
        let Some(found) = sessions::find(&self.core.pool, &token_hash(token), now).await? else {
            return Ok(None);
        };
        match &found.at_provider {
            // The user signed in by one-time link, so there is no provider to ask.
            None => Ok(Some(found.caller)),
            Some(at_provider) if now - at_provider.checked_at < self.core.check_interval => {
                Ok(still_confirmed(at_provider, now).then(|| self.with_token(&found, at_provider, now)))
            }
            Some(at_provider) => {
                if sessions::claim_check(&self.core.pool, found.id, at_provider.checked_at, now).await? {
                    self.check(&found, at_provider, now).await
                } else {
                    Ok(still_confirmed(at_provider, now).then(|| self.with_token(&found, at_provider, now)))
                }
            }
        }
    }

    async fn check(
        &self,
        found: &FoundSession,
        at_provider: &AtProvider,
        now: DateTime<Utc>,
    ) -> Result<Option<Caller>, SessionError> {
        // If no provider is configured, sessions from one cannot be confirmed.
        let Some(provider) = &self.core.provider else { return self.end_found(found).await };
        let tokens = match self.open(found.id, &at_provider.tokens) {
            Ok(tokens) => tokens,
            // Sealed with a lost key: there are no tokens to ask the provider with.
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), session = %found.id, "a session cannot be confirmed");
                return self.end_found(found).await;
            }
        };
        match provider.confirm(&tokens).await {
            Ok(identity) if identity.caller.user_id == found.caller.user_id => {
                let sealed = self.seal(found.id, &identity.tokens)?;
                sessions::confirm(&self.core.pool, found.id, &identity.caller, &sealed, now).await?;
                Ok(Some(self.carrying(identity.caller, &identity.tokens)))
            }
            Ok(_) | Err(LookupError::Refused) => self.end_found(found).await,
            Err(LookupError::Unavailable) => {
                Ok(still_confirmed(at_provider, now).then(|| self.with_token(found, at_provider, now)))
            }
        }
    }

    /// The caller with the provider's token, if the User Service would be asked with it and it has not expired.
    fn with_token(&self, found: &FoundSession, at_provider: &AtProvider, now: DateTime<Utc>) -> Caller {
        let caller = found.caller.clone();
        if !self.core.user_service.is_on() {
            return caller;
        }
        match self.open(found.id, &at_provider.tokens) {
            Ok(tokens) if tokens.expires_at.is_none_or(|expires_at| expires_at > now) => {
                self.carrying(caller, &tokens)
            }
            _ => caller,
        }
    }

    fn carrying(&self, caller: Caller, tokens: &ProviderTokens) -> Caller {
        if self.core.user_service.is_on() {
            caller.with_provider_token(tokens.access.expose_secret())
        } else {
            caller
        }
    }

    async fn end_found(&self, found: &FoundSession) -> Result<Option<Caller>, SessionError> {
        let mut transaction = self.core.pool.begin().await.context("beginning")?;
        sessions::delete_of_user(&mut transaction, &found.caller.user_id, found.id).await?;
        let details = json!({"session": found.id});
        let entry =
            AuditEntry { details, ..self.core.context.audited_by(&found.caller, "session.not_confirmed") };
        audit_log::record(&mut transaction, entry).await?;
        transaction.commit().await.context("committing")?;
        Ok(None)
    }

    /// Ends a session. A session that has already ended is not an error.
    pub async fn end(&self, token: &str, address: Option<IpAddr>) -> Result<(), SessionError> {
        let mut transaction = self.core.pool.begin().await.context("beginning")?;
        if let Some((id, user_id)) = sessions::delete(&mut transaction, &token_hash(token)).await? {
            let (user_id, details) = (Some(user_id.as_str()), json!({"session": id}));
            let entry =
                AuditEntry { user_id, address, details, ..self.core.context.audited("session.ended") };
            audit_log::record(&mut transaction, entry).await?;
        }
        transaction.commit().await.context("committing")?;
        Ok(())
    }

    /// All browsers that are signed in as the caller. `current`: the cookie value of the browser that asks.
    pub async fn list(
        &self,
        caller: &Caller,
        current: &SessionToken,
    ) -> Result<Vec<BrowserSession>, SessionError> {
        let now = self.core.context.clock.now();
        let current = token_hash(current.expose_secret());
        Ok(sessions::list(&self.core.pool, &caller.user_id, &current, now).await?)
    }

    /// Ends one of the caller's own sessions. Returns whether it existed.
    pub async fn end_one(&self, caller: &Caller, id: Uuid) -> Result<bool, SessionError> {
        let mut transaction = self.core.pool.begin().await.context("beginning")?;
        let was_there = sessions::delete_of_user(&mut transaction, &caller.user_id, id).await?;
        if was_there {
            let details = json!({"session": id});
            let entry = AuditEntry { details, ..self.core.context.audited_by(caller, "session.ended") };
            audit_log::record(&mut transaction, entry).await?;
        }
        transaction.commit().await.context("committing")?;
        Ok(was_there)
    }

    /// Ends all of the caller's own sessions, including the current one, and returns how many there were.
    pub async fn end_all(&self, caller: &Caller) -> Result<u64, SessionError> {
        let mut transaction = self.core.pool.begin().await.context("beginning")?;
        let ended = sessions::delete_all_of_user(&mut transaction, &caller.user_id).await?;
        let details = json!({"sessions": ended});
        let entry =
            AuditEntry { details, ..self.core.context.audited_by(caller, "session.ended_everywhere") };
        audit_log::record(&mut transaction, entry).await?;
        transaction.commit().await.context("committing")?;
        Ok(ended)
    }

    fn seal(&self, id: Uuid, tokens: &ProviderTokens) -> anyhow::Result<Vec<u8>> {
        let kept = KeptTokens {
            access: tokens.access.expose_secret().to_owned(),
            refresh: tokens.refresh.as_ref().map(|token| token.expose_secret().to_owned()),
            expires_at: tokens.expires_at,
        };
        let (text, id) = (serde_json::to_vec(&kept)?, id.to_string());
        Ok(self.core.keyring.seal(self.core.context.random.as_ref(), &text, provider_tokens_place(&id))?)
    }

    fn open(&self, id: Uuid, sealed: &[u8]) -> anyhow::Result<ProviderTokens> {
        let id = id.to_string();
        let text = self.core.keyring.open(sealed, provider_tokens_place(&id))?;
        let kept: KeptTokens = serde_json::from_slice(text.expose_secret())?;
        Ok(ProviderTokens {
            access: kept.access.into(),
            refresh: kept.refresh.map(SecretString::from),
            expires_at: kept.expires_at,
        })
    }
}

/// Writes an audit line for a refused sign-in. The user is unknown.
pub(super) async fn note_refused(pool: &Pool, context: &Context, browser: &Browser, details: Value) {
    let (outcome, address) = (AuditOutcome::Refused, browser.address);
    note(pool, AuditEntry { outcome, address, details, ..context.audited("session.refused") }).await;
}

fn still_confirmed(at_provider: &AtProvider, now: DateTime<Utc>) -> bool {
    now - at_provider.confirmed_at < UNCONFIRMED_FOR
}

/// The provider's tokens, in the form that is sealed.
#[derive(Serialize, Deserialize)]
struct KeptTokens {
    access: String,
    refresh: Option<String>,
    expires_at: Option<DateTime<Utc>>,
}
