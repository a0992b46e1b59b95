//! Rotates the tokens of agents.
//!
//! A legacy agent fetches its new token from Vault. The copy goes through the outbox: while Vault is down, the copy waits there,
//! sealed, and the current token stays valid. The agent of a host receives the new token in the server's next answer; the token
//! takes effect when the agent first uses it.

use std::sync::Arc;

use anyhow::Context as _;
use chrono::TimeDelta;
use domain::access::Caller;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use sqlx::PgConnection;
use tokio::sync::Notify;

use crate::{
    connectors::vault::SecretStore,
    context::Context,
    crypto::{KeyRing, SealedColumn, token_hash},
    db::{
        Pool,
        agents::{
            agent_tokens::{self, Holder},
            next_token_place,
        },
        audit_log::{self, AuditEntry},
        outbox::{self, Message, NewMessage},
    },
};

/// Common proxies allow this many bytes in a header, and no token that this server issues is longer.
const MAX_TOKEN_BYTES: usize = 1024;
const VAULT: &str = "vault";
/// A delivery makes at most two requests of five seconds each; this leaves a margin.
const DELIVERY_MAY_TAKE: TimeDelta = TimeDelta::seconds(30);
const LONGEST_BACK_OFF: TimeDelta = TimeDelta::minutes(5);

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

    /// Waits until this server has put a message into the outbox since the last call returned.
    pub async fn news(&self) {
        self.news.notified().await;
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
    let now = vault.context.clock.now();
    let id = vault.context.random.uuid_v7(now);
    let payload = vault
        .keyring
        .seal(vault.context.random.as_ref(), token.expose_secret().as_bytes(), place(&id.to_string()))
        .context("sealing a token")?;
    let message =
        NewMessage { id, destination: VAULT, subject: deployment_hash, payload_sealed: &payload, now };
    outbox::put(connection, message).await?;
    vault.news.notify_one();
    Ok(())
}

/// Delivers due messages to Vault one at a time, so that no claimed message is claimed again before its delivery. After each
/// failure a message waits longer.
pub async fn deliver_to_vault(pool: &Pool, vault: &Vault) -> anyhow::Result<()> {
    let Some(store) = &vault.store else { return Ok(()) };
    loop {
        let now = vault.context.clock.now();
        let Some(message) = outbox::claim(pool, VAULT, now, now + DELIVERY_MAY_TAKE).await? else {
            return Ok(());
        };
        let id = message.id.to_string();
        let delivered = match vault.keyring.open(&message.payload_sealed, place(&id)) {
            Ok(token) => match String::from_utf8(token.expose_secret().to_vec()) {
                Ok(token) => {
                    let stored = store.store_agent_token(&message.subject, &token.into()).await;
                    stored.map_err(|error| error.to_string())
                }
                Err(_) => Err("the sealed token is no text".to_owned()),
            },
            Err(error) => Err(error.to_string()),
        };
        match delivered {
            Ok(()) => delivered_to_vault(pool, vault, &message).await?,
            Err(error) => {
                tracing::warn!(error, attempts = message.attempts + 1, "a token waits for the vault");
                let now = vault.context.clock.now();
                let again = now + back_off(message.attempts, &vault.context);
                let mut transaction = pool.begin().await?;
                if !outbox::failed(&mut transaction, message.id, again, &error).await? {
                    outbox::release(&mut transaction, VAULT, &message, now).await?;
                }
                transaction.commit().await?;
            }
        }
    }
}

/// Completes a delivery: the overlap after which the previous token expires starts now.
async fn delivered_to_vault(pool: &Pool, vault: &Vault, message: &Message) -> anyhow::Result<()> {
    let now = vault.context.clock.now();
    let mut transaction = pool.begin().await?;
    // Locks the agent before the outbox, the same order as in a rotation.
    let agent = agent_tokens::lock_on_channel(&mut transaction, &message.subject).await?;
    if !outbox::delivered(&mut transaction, message.id).await? {
        outbox::release(&mut transaction, VAULT, message, now).await?;
    } else if let Some(agent) = agent {
        agent_tokens::end_previous(&mut transaction, agent, now + vault.overlap, now).await?;
    }
    Ok(transaction.commit().await?)
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

/// Waits 2, 4, 8, … seconds, at most five minutes, plus up to a quarter, so that retries do not all happen at once.
fn back_off(attempts: i32, context: &Context) -> TimeDelta {
    let seconds = 2_i64.saturating_pow(attempts.clamp(0, 16).unsigned_abs() + 1);
    let wait = TimeDelta::seconds(seconds).min(LONGEST_BACK_OFF);
    let mut byte = [0];
    context.random.fill(&mut byte);
    wait + wait * i32::from(byte[0]) / 1024
}

fn place(id: &str) -> SealedColumn<'_> {
    SealedColumn { table: "outbox", column: "payload_sealed", row: id }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::{ManualClock, SeededRandom};

    #[test]
    fn who_fails_often_waits_longer_but_not_for_ever() {
        let context =
            Context { clock: Arc::new(ManualClock::default()), random: Arc::new(SeededRandom::new(1)) };
        assert!(back_off(0, &context) < TimeDelta::seconds(3));
        assert!(back_off(3, &context) >= TimeDelta::seconds(16));
        assert!(back_off(i32::MAX, &context) <= LONGEST_BACK_OFF + LONGEST_BACK_OFF / 4);
    }

    #[test]
    fn a_token_is_what_a_header_can_carry() {
        assert!(is_token("NEW_TOKEN"));
        for token in ["", "two words", "ü", "nul\0", &"x".repeat(1025)] {
            assert!(!is_token(token), "{token:?}");
        }
    }
}
