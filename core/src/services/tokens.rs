//! Access tokens: bearer tokens for programs and terminals. Shown once, stored as SHA-256.

use std::{sync::Arc, time::Duration};

use domain::{
    access::{Action, Caller, Resource, may},
    api::{AccessToken, CreateAccessToken},
    problem::{Problem, ProblemKind, UseCaseError},
};
use moka::sync::Cache as MokaCache;
use secrecy::ExposeSecret as _;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    crypto::{TokenHash, random_secret, token_hash},
    db::{
        accounts::access_tokens::{self, Bearer, NewAccessToken},
        audit_log::{self, AuditEntry},
    },
    services::core::Core,
};

/// The prefix of access tokens, by which secret scanners recognise them.
const PREFIX: &str = "stk_";
const MAX_NAME_CHARACTERS: usize = 100;
/// The most tokens of one owner.
const MAX_TOKENS: u32 = 100;
/// A revoked token works no longer than this, even on a server that missed the notification.
const CACHED_FOR: Duration = Duration::from_secs(10);
/// The time of the last use is written at most once in this time.
const USED_EVERY: Duration = Duration::from_secs(60);
const REMEMBERED: u64 = 10_000;

/// Caches lookups by token hash, because programs send the same token again and again.
#[derive(Clone, Debug)]
pub(super) struct Cache {
    bearers: MokaCache<TokenHash, (u64, Bearer)>,
    used: MokaCache<Uuid, ()>,
}

pub(super) fn new_cache() -> Cache {
    Cache {
        bearers: MokaCache::builder().max_capacity(REMEMBERED).time_to_live(CACHED_FOR).build(),
        used: MokaCache::builder().max_capacity(REMEMBERED).time_to_live(USED_EVERY).build(),
    }
}

#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("your role or the scope of your credentials does not allow this")]
    Forbidden,
    #[error("token not found")]
    NotFound,
    #[error("a token name has 1 to {MAX_NAME_CHARACTERS} characters on one line")]
    NameInvalid,
    #[error("the expiry must be in the future")]
    ExpiryInvalid,
    #[error("you have {MAX_TOKENS} tokens, which is the limit: revoke one you no longer need")]
    LimitReached,
    #[error("something failed on the server")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for TokenError {
    fn problem(&self) -> Problem {
        match self {
            Self::Forbidden => Problem::new(ProblemKind::Forbidden, "forbidden", self),
            Self::NotFound => Problem::not_found().missing("token"),
            Self::NameInvalid => {
                Problem::new(ProblemKind::NameInvalid, "name-invalid", self).about_field("name")
            }
            Self::ExpiryInvalid => {
                Problem::new(ProblemKind::Declined, "expiry-invalid", self).about_field("expires_at")
            }
            Self::LimitReached => Problem::new(ProblemKind::LimitReached, "limit-reached", self),
            Self::Internal(_) => Problem::internal(),
        }
    }
}

impl From<sqlx::Error> for TokenError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}

#[derive(Clone, Debug)]
pub struct Tokens {
    core: Arc<Core>,
    /// Tokens that were looked up recently.
    cache: Cache,
}

impl Tokens {
    pub(super) fn new(core: Arc<Core>) -> Self {
        Self { core, cache: new_cache() }
    }

    /// Creates a token. Its bearer token, `stk_…`, acts as the caller and is shown only once.
    pub async fn create(&self, caller: &Caller, new: CreateAccessToken) -> Result<AccessToken, TokenError> {
        allow(caller, Action::Create)?;
        // A client that signs its requests must not get a bearer token, which is easier to steal.
        if caller.client.is_some() || new.scope > caller.scope {
            return Err(TokenError::Forbidden);
        }
        let name = new.name.trim();
        let fits = (1..=MAX_NAME_CHARACTERS).contains(&name.chars().count());
        if !fits || name.chars().any(char::is_control) {
            return Err(TokenError::NameInvalid);
        }
        let now = self.core.context.clock.now();
        if new.expires_at.is_some_and(|at| at <= now) {
            return Err(TokenError::ExpiryInvalid);
        }
        let bearer = random_secret(self.core.context.random.as_ref(), PREFIX);
        let id = self.core.context.random.uuid_v7(now);
        let mut transaction = self.core.pool.begin().await?;
        access_tokens::lock_owner(&mut transaction, &caller.user_id).await?;
        if access_tokens::count(&mut transaction, &caller.user_id).await? >= i64::from(MAX_TOKENS) {
            return Err(TokenError::LimitReached);
        }
        let row = NewAccessToken {
            id,
            hash: token_hash(bearer.expose_secret()),
            label: name,
            owner: caller,
            scope: new.scope,
            expires_at: new.expires_at,
            created_at: now,
        };
        access_tokens::insert(&mut transaction, row).await?;
        self.audit(&mut transaction, caller, "token.created", id, name).await?;
        transaction.commit().await?;
        Ok(AccessToken {
            id,
            token: Some(bearer.expose_secret().to_owned()),
            name: name.to_owned(),
            scope: new.scope,
            expires_at: new.expires_at,
            last_used_at: None,
            created_at: now,
        })
    }

    /// The caller's tokens, in the order of creation.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<AccessToken>, TokenError> {
        allow(caller, Action::Read)?;
        Ok(access_tokens::list(&self.core.pool, &caller.user_id).await?)
    }

    /// Revokes a token. No server accepts it any more.
    pub async fn revoke(&self, caller: &Caller, id: Uuid) -> Result<(), TokenError> {
        allow(caller, Action::Delete)?;
        let mut transaction = self.core.pool.begin().await?;
        let name = access_tokens::delete(&mut transaction, id, &caller.user_id)
            .await?
            .ok_or(TokenError::NotFound)?;
        self.audit(&mut transaction, caller, "token.revoked", id, &name).await?;
        transaction.commit().await?;
        self.core.hub.forget_tokens();
        Ok(())
    }

    /// `None` for any other bearer token. A valid token is looked up at most once in ten seconds.
    pub async fn find(&self, bearer: &str) -> Result<Option<Caller>, TokenError> {
        if !bearer.starts_with(PREFIX) {
            return Ok(None);
        }
        let hash = token_hash(bearer);
        let now = self.core.context.clock.now();
        let generation = self.core.hub.tokens_generation();
        let remembered = self.cache.bearers.get(&hash).filter(|(of, _)| *of == generation);
        let found = match remembered {
            Some((_, bearer)) => Some(bearer),
            None => access_tokens::find(&self.core.pool, &hash, now).await?.inspect(|found| {
                self.cache.bearers.insert(hash, (generation, found.clone()));
            }),
        };
        let Some(found) = found.filter(|found| found.expires_at.is_none_or(|at| at > now)) else {
            return Ok(None);
        };
        if self.cache.used.entry(found.id).or_insert(()).is_fresh() {
            access_tokens::set_used(&self.core.pool, found.id, now).await?;
        }
        Ok(Some(found.caller))
    }

    async fn audit(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        action: &'static str,
        id: Uuid,
        name: &str,
    ) -> anyhow::Result<()> {
        let details = json!({"token_id": id, "name": name});
        let entry = AuditEntry { details, ..self.core.context.audited_by(caller, action) };
        audit_log::record(connection, entry).await
    }
}

fn allow(caller: &Caller, action: Action) -> Result<(), TokenError> {
    if may(caller, Resource::Access, action) { Ok(()) } else { Err(TokenError::Forbidden) }
}
