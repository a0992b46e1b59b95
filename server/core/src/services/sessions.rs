//! Signed-in browsers. The cookie holds a random value, the database its SHA-256.

use chrono::TimeDelta;
use domain::access::Caller;
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgPool;

use super::Context;
use crate::{
    crypto::{random_secret, token_hash},
    db::sessions,
};

/// From sign-in, whether the session is used or not.
pub const SESSION_LIFETIME: TimeDelta = TimeDelta::days(14);

/// What the cookie holds.
pub type SessionToken = SecretString;

#[derive(Debug, thiserror::Error)]
#[error("the session could not be kept or looked up")]
pub struct SessionError(#[from] anyhow::Error);

#[derive(Clone, Debug)]
pub struct Sessions {
    pool: PgPool,
    context: Context,
}

impl Sessions {
    pub(super) fn new(pool: PgPool, context: Context) -> Self {
        Self { pool, context }
    }

    pub async fn start(&self, caller: &Caller) -> Result<SessionToken, SessionError> {
        let token = random_secret(self.context.random.as_ref(), "");
        let now = self.context.clock.now();
        let hash = token_hash(token.expose_secret());
        sessions::insert(&self.pool, &hash, caller, now, now + SESSION_LIFETIME).await?;
        Ok(token)
    }

    /// `None` for a session that is unknown, ended or too old.
    pub async fn find(&self, token: &str) -> Result<Option<Caller>, SessionError> {
        Ok(sessions::find(&self.pool, &token_hash(token), self.context.clock.now()).await?)
    }

    /// Ending a session that has ended already is fine.
    pub async fn end(&self, token: &str) -> Result<(), SessionError> {
        Ok(sessions::delete(&self.pool, &token_hash(token)).await?)
    }
}
