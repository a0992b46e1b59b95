//! Rotates the tokens of agents.
//!
//! A legacy agent fetches its new token from Vault. The copy goes through the outbox: while Vault is down, the copy waits there,
//! sealed, and the current token stays valid. The agent of a host receives the new token in the server's next answer; the token
//! takes effect when the agent first uses it.

use std::sync::Arc;

use anyhow::Context as _;
use async_trait::async_trait;
use chrono::TimeDelta;
use domain::access::Caller;
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};
use serde_json::json;
use sqlx::PgConnection;
use tokio::sync::Notify;

use crate::{
    connectors::vault::SecretStore,
    context::Context,
    crypto::{KeyRing, token_hash},
    db::{
        Pool,
        agents::{
            agent_tokens::{self, Holder},
            next_token_place,
        },
        audit_log::{self, AuditEntry},
        outbox::{self as table, Message},
    },
    outbox::{self, AfterInterruption, Destination, Outbox, Outgoing, Undelivered},
};

/// Common proxies allow this many bytes in a header, and no token that this server issues is longer.
const MAX_TOKEN_BYTES: usize = 1024;
const VAULT: &str = "vault";
/// A delivery makes at most two requests of five seconds each; this leaves a margin.
const DELIVERY_MAY_TAKE: TimeDelta = TimeDelta::seconds(30);

#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    #[error("Agent not found for deployment_hash")]
    AgentNotFound,
    #[error("a token has 1 to {MAX_TOKEN_BYTES} visible ASCII characters")]
    TokenInvalid,
    #[error(
        "no vault is configured, so this agent could not fetch its new token: set `vault`, or register the agent again with an enrolment code"
    )]
    NoVault,
    #[error("DB error: {0:#}")]
    Internal(#[from] anyhow::Error),
}

impl From<sqlx::Error> for RotationError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}

/// The vault that tokens are copied to, and what copying needs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Vault {
    /// `None`: no vault is configured.
    store: Option<Arc<dyn SecretStore>>,
    keyring: Arc<KeyRing>,
    /// How long the previous token still works after a rotation.
    overlap: TimeDelta,
    context: Context,
    /// Notified when this server puts a message into the outbox.
    news: Arc<Notify>,
}

impl Vault {
    pub fn new(
        store: Option<Arc<dyn SecretStore>>,
        keyring: Arc<KeyRing>,
        overlap: TimeDelta,
        context: Context,
    ) -> Self {
        Self { store, keyring, overlap, context, news: Arc::default() }
    }

    pub fn is_configured(&self) -> bool {
        self.store.is_some()
    }
}

/// Replaces the token of the agent that serves a deployment. For a legacy agent the new token takes effect at once, and the
/// previous one works until the overlap has passed after the copy reached Vault. For the agent of a host the new token takes
/// effect when the agent first uses it.
pub async fn rotate_token(
    pool: &Pool,
    vault: &Vault,
    deployment_hash: &str,
    new_token: &str,
) -> Result<(), RotationError> {
    let mut transaction = pool.begin().await?;
    let holder = agent_tokens::holder_of_deployment(&mut transaction, deployment_hash)
        .await?
        .ok_or(RotationError::AgentNotFound)?;
    rotate(&mut transaction, vault, &holder, Some(deployment_hash), new_token, None).await?;
    transaction.commit().await?;
    vault.news.notify_one();
    Ok(())
}

/// Queues a copy of an issued token for Vault, where legacy agents look for it. Does nothing without a vault. Must run in the
/// transaction that issues the token.
pub async fn token_issued(
    connection: &mut PgConnection,
    vault: &Vault,
    deployment_hash: &str,
    token: &SecretString,
) -> anyhow::Result<()> {
    if vault.store.is_none() {
        return Ok(());
    }
    let payload = token.expose_secret().as_bytes();
    let message = Outgoing { destination: VAULT, subject: deployment_hash, payload, expires_at: None };
    outbox::put(connection, &vault.keyring, &vault.context, message).await.context("queueing a token")?;
    vault.news.notify_one();
    Ok(())
}

#[async_trait]
impl Destination for Vault {
    fn name(&self) -> &'static str {
        VAULT
    }

    fn is_configured(&self) -> bool {
        Vault::is_configured(self)
    }

    fn delivery_may_take(&self) -> TimeDelta {
        DELIVERY_MAY_TAKE
    }

    async fn news(&self) {
        self.news.notified().await;
    }

    async fn deliver(&self, message: &Message, payload: SecretSlice<u8>) -> Result<(), Undelivered> {
        let Some(store) = &self.store else { return Err(Undelivered::Later("no vault".to_owned())) };
        let token = SecretString::from(outbox::text(&payload)?);
        let stored = store.store_agent_token(&message.subject, &token).await;
        stored.map_err(|error| Undelivered::Later(error.to_string()))
    }

    /// The overlap after which the previous token expires starts now.
    async fn delivered(&self, outbox: Outbox<'_>, message: &Message) -> anyhow::Result<()> {
        let now = self.context.clock.now();
        let mut transaction = outbox.pool.begin().await?;
        // Locks the agent before the outbox, the same order as in a rotation.
        let agent = agent_tokens::lock_on_channel(&mut transaction, &message.subject).await?;
        if !table::delete(&mut transaction, message.id).await? {
            table::release(&mut transaction, VAULT, message, now).await?;
        } else if let Some(agent) = agent {
            agent_tokens::end_previous(&mut transaction, agent, now + self.overlap, now).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The previous token stays valid meanwhile, so there is nothing to note.
    async fn waits(&self, _: &mut PgConnection, _: &Message) -> anyhow::Result<()> {
        Ok(())
    }

    async fn given_up(&self, _: &mut PgConnection, _: &Message, _: &Undelivered) -> anyhow::Result<()> {
        Ok(())
    }

    fn after_interruption(&self) -> AfterInterruption {
        AfterInterruption::Repeat
    }

    fn max_attempts(&self) -> Option<i32> {
        None
    }
}

pub(super) async fn rotate(
    connection: &mut PgConnection,
    vault: &Vault,
    holder: &Holder,
    deployment_hash: Option<&str>,
    new_token: &str,
    caller: Option<&Caller>,
) -> Result<(), RotationError> {
    if !is_token(new_token) {
        return Err(RotationError::TokenInvalid);
    }
    let now = vault.context.clock.now();
    let hash = token_hash(new_token);
    match (holder.host_id, deployment_hash) {
        (Some(_), _) => {
            let id = holder.id.to_string();
            let random = vault.context.random.as_ref();
            let sealed = vault.keyring.seal(random, new_token.as_bytes(), next_token_place(&id));
            let sealed = sealed.context("sealing the next token of an agent")?;
            agent_tokens::offer(connection, holder.id, &hash, &sealed, now).await?;
        }
        (None, Some(deployment_hash)) => {
            if !vault.is_configured() {
                return Err(RotationError::NoVault);
            }
            agent_tokens::rotate(connection, holder.id, &hash, (VAULT, deployment_hash), now).await?;
            token_issued(connection, vault, deployment_hash, &new_token.into()).await?;
        }
        (None, None) => return Err(RotationError::AgentNotFound),
    }
    let action = "agent.token_rotated";
    let entry = caller
        .map_or_else(|| vault.context.audited(action), |caller| vault.context.audited_by(caller, action));
    let (agent_id, details) = (Some(holder.id), json!({"host_id": holder.host_id}));
    let entry = AuditEntry { agent_id, deployment_hash, details, ..entry };
    Ok(audit_log::record(connection, entry).await?)
}

/// Whether a header can carry the token.
fn is_token(token: &str) -> bool {
    (1..=MAX_TOKEN_BYTES).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_what_a_header_can_carry() {
        assert!(is_token("NEW_TOKEN"));
        for token in ["", "two words", "ü", "nul\0", &"x".repeat(1025)] {
            assert!(!is_token(token), "{token:?}");
        }
    }
}
