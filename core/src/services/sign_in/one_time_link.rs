//! One-time links: how the local operator signs in if no provider is configured.

use std::sync::Arc;

use anyhow::Context as _;
use chrono::TimeDelta;
use domain::access::Caller;
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::{
    crypto::{random_secret, token_hash},
    db::{accounts::login_links, audit_log},
    local_operator::local_operator,
    services::{
        core::Core,
        sign_in::sessions::{Browser, note_refused},
    },
};

/// A code is valid for this long and for one use.
pub const LINK_CODE_LIFETIME: TimeDelta = TimeDelta::minutes(15);

#[derive(Debug, thiserror::Error)]
#[error("the one-time link could not be stored or looked up")]
pub struct SignInError(#[from] anyhow::Error);

#[derive(Clone, Debug)]
pub struct SignIn {
    core: Arc<Core>,
}

impl SignIn {
    pub(in crate::services) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Creates a code for the address `/sign-in?code=…`: 256 bits, URL-safe. Only its SHA-256 is stored, so the caller
    /// must print the code and not store it.
    pub async fn create_link_code(&self) -> Result<String, SignInError> {
        let code = random_secret(self.core.context.random.as_ref(), "");
        let now = self.core.context.clock.now();
        let (hash, until) = (token_hash(code.expose_secret()), now + LINK_CODE_LIFETIME);
        let mut transaction = self.core.pool.begin().await.context("beginning")?;
        login_links::insert(&mut transaction, &hash, now, until).await?;
        audit_log::record(&mut transaction, self.core.context.audited("session.link_created")).await?;
        transaction.commit().await.context("committing")?;
        Ok(code.expose_secret().to_owned())
    }

    /// Uses up a code. `None` for one that is unknown, has expired or was used already.
    pub async fn consume(&self, code: &str, browser: &Browser) -> Result<Option<Caller>, SignInError> {
        let used =
            login_links::delete_valid(&self.core.pool, &token_hash(code), self.core.context.clock.now())
                .await?;
        if !used {
            note_refused(&self.core.pool, &self.core.context, browser, json!({"way": "link"})).await;
        }
        Ok(used.then(local_operator))
    }
}
