//! Authenticates an agent. The bearer token decides; if there is a signature, it must be right too (`signed`).

use std::{net::IpAddr, ops::Deref, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use domain::audit::AuditOutcome;
use moka::{policy::EvictionPolicy, sync::Cache};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use uuid::Uuid;

use super::{
    AgentRecord, Agents,
    presented_token::{Token, token_of},
};
use crate::{
    crypto::{TokenHash, token_hash},
    db::{
        agents,
        audit_log::{self, AuditEntry},
    },
    services::audit::note,
};

/// The largest clock difference of an agent, in seconds.
pub(super) const MAX_SKEW: i64 = 300;
/// The audit log gets at most one line per agent and reason in this time.
const REFUSALS_REMEMBERED_FOR: Duration = Duration::from_secs(60);
const REFUSALS_REMEMBERED: u64 = 50_000;

/// Refusals that are already in the audit log.
pub(crate) type RefusalMemory = Cache<(Uuid, &'static str), ()>;

pub(crate) fn new_refusal_memory() -> RefusalMemory {
    Cache::builder()
        .max_capacity(REFUSALS_REMEMBERED)
        .time_to_live(REFUSALS_REMEMBERED_FOR)
        .eviction_policy(EvictionPolicy::lru())
        .build()
}

/// The credentials of an agent, as received in the headers.
#[derive(Debug)]
pub struct AgentCredentials<'a> {
    pub agent_id: Uuid,
    pub bearer: &'a SecretString,
    pub signature: Signature<'a>,
    /// The raw body; empty for GET.
    pub body: &'a [u8],
    /// Recorded in the audit log.
    pub address: Option<IpAddr>,
    /// Whether a wrong token of a cached agent is allowed to cost a query. False for an address that sent many wrong ones.
    pub look_up_again: bool,
}

/// Optional signature. It covers the body only.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signature<'a> {
    /// `X-Agent-Signature`: base64 of the HMAC-SHA256 of the body, keyed with the token.
    pub value: Option<&'a str>,
    /// `X-Timestamp`, in seconds.
    pub timestamp: Option<&'a str>,
    /// `X-Request-Id`
    pub request_id: Option<&'a str>,
}

#[derive(Debug, thiserror::Error)]
pub enum AgentAuthError {
    /// The agent does not exist or was revoked. The text is the same as that of [`Self::Credentials`].
    #[error("these credentials are unknown, expired or revoked")]
    Unknown,
    /// An existing agent sent a wrong token or a wrong signature.
    #[error("these credentials are unknown, expired or revoked")]
    Credentials,
    #[error("this server requires signed agent requests: {0}")]
    SignatureRequired(&'static str),
    #[error("the agent's clock is {0} s off; the limit is {MAX_SKEW} s")]
    ClockOff(i64),
    #[error("a request with this id was already received")]
    Replayed,
    #[error("the agent could not be looked up")]
    Internal(#[from] anyhow::Error),
}

/// An authenticated agent. Cheap to clone.
#[derive(Clone, Debug)]
pub struct KnownAgent {
    pub record: Arc<AgentRecord>,
    /// A remark about the agent for people, such as a wrong clock.
    pub remark: Option<Arc<str>>,
}

impl Deref for KnownAgent {
    type Target = AgentRecord;

    fn deref(&self) -> &AgentRecord {
        &self.record
    }
}

impl Agents {
    /// Authenticates an agent. Polls cost no query, because an agent is cached until it changes.
    pub async fn authenticate(
        &self,
        credentials: &AgentCredentials<'_>,
    ) -> Result<KnownAgent, AgentAuthError> {
        let now = self.core.context.clock.now();
        let presented = token_hash(credentials.bearer.expose_secret());
        let id = credentials.agent_id;
        let (mut agent, token) = self.known_by(id, &presented, now, credentials.look_up_again).await?;
        let checked = match token {
            None => Err((AgentAuthError::Credentials, "token")),
            Some(token) => self.check(credentials, now).map(|remark| (token, remark)),
        };
        let (token, remark) = match checked {
            Ok(checked) => checked,
            Err((refused, reason)) => {
                self.audit_refusal(&agent, reason, credentials.address);
                return Err(refused);
            }
        };
        // Only after all other checks, because this ends the previous token.
        if token == Token::Next {
            Box::pin(self.confirm(&agent, &presented, credentials.address)).await?;
            // Read again and cached, because a waiting poll is notified only about cached agents.
            agent = self.find(credentials.agent_id).await?.ok_or(AgentAuthError::Unknown)?;
        }
        let remark = remark.map(Arc::<str>::from);
        self.sightings.note(agent.id, now, remark.clone());
        Ok(KnownAgent { record: agent, remark })
    }

    /// Whether the agent is cached, so that looking it up costs no query.
    pub fn is_remembered(&self, id: Uuid) -> bool {
        self.core.hub.remembered_agent(id).is_some()
    }

    /// The agent that the token belongs to. Signatures are not checked.
    pub async fn by_token(
        &self,
        id: Uuid,
        bearer: &SecretString,
        look_up_again: bool,
    ) -> Result<Arc<AgentRecord>, AgentAuthError> {
        let presented = token_hash(bearer.expose_secret());
        let (agent, token) =
            self.known_by(id, &presented, self.core.context.clock.now(), look_up_again).await?;
        token.map(|_| agent).ok_or(AgentAuthError::Credentials)
    }

    /// The agent, and which of its tokens was presented. With `look_up_again`, a wrong token causes a query even if the agent is
    /// cached: the answer then takes as long as for an unknown agent, and a token whose notification was missed is found.
    async fn known_by(
        &self,
        id: Uuid,
        presented: &TokenHash,
        now: DateTime<Utc>,
        look_up_again: bool,
    ) -> Result<(Arc<AgentRecord>, Option<Token>), AgentAuthError> {
        let Some(remembered) = self.core.hub.remembered_agent(id) else {
            let agent = self.look_up(id).await?.ok_or(AgentAuthError::Unknown)?;
            let token = token_of(&agent, presented, now);
            return Ok((agent, token));
        };
        let token = token_of(&remembered, presented, now);
        if token.is_some() || !look_up_again {
            return Ok((remembered, token));
        }
        let agent = Box::pin(agents::find(&self.core.pool, id)).await?.ok_or(AgentAuthError::Unknown)?;
        if token_of(&agent, presented, now).is_none() {
            return Ok((remembered, None));
        }
        self.core.hub.forget_agent(id);
        let agent = self.look_up(id).await?.ok_or(AgentAuthError::Unknown)?;
        let token = token_of(&agent, presented, now);
        Ok((agent, token))
    }

    /// Writes at most one line per minute, agent and reason. A separate task writes it, so that a refused agent gets its answer
    /// as quickly as an unknown one.
    fn audit_refusal(&self, agent: &AgentRecord, reason: &'static str, address: Option<IpAddr>) {
        if !self.refusals.entry((agent.id, reason)).or_insert(()).is_fresh() {
            return;
        }
        let (pool, context, id) = (self.core.pool.clone(), self.core.context.clone(), agent.id);
        let channel = agent.host_id.is_none().then(|| agent.channel.clone());
        self.core.hub.tasks().spawn(async move {
            let entry = AuditEntry {
                outcome: AuditOutcome::Refused,
                agent_id: Some(id),
                deployment_hash: channel.as_deref(),
                details: json!({"reason": reason}),
                address,
                ..context.audited("agent.refused")
            };
            note(&pool, entry).await;
        });
    }

    async fn find(&self, id: Uuid) -> anyhow::Result<Option<Arc<AgentRecord>>> {
        match self.core.hub.remembered_agent(id) {
            Some(agent) => Ok(Some(agent)),
            None => self.look_up(id).await,
        }
    }

    async fn look_up(&self, id: Uuid) -> anyhow::Result<Option<Arc<AgentRecord>>> {
        let generation = self.core.hub.agents_generation();
        // Boxed, like everything rare in a poll: ten thousand polls wait at once, and each future is as large as its largest
        // part.
        let found = Box::pin(agents::find(&self.core.pool, id)).await?;
        let Some(agent) = found.map(Arc::new) else { return Ok(None) };
        self.core.hub.remember_agent(generation, agent.clone());
        Ok(Some(agent))
    }

    async fn confirm(
        &self,
        agent: &AgentRecord,
        presented: &TokenHash,
        address: Option<IpAddr>,
    ) -> anyhow::Result<()> {
        let now = self.core.context.clock.now();
        let until = now + self.core.agent_settings.token_overlap;
        let mut transaction = self.core.pool.begin().await?;
        agents::confirm_next_token(&mut transaction, agent.id, presented, until, now).await?;
        let entry = AuditEntry {
            agent_id: Some(agent.id),
            deployment_hash: agent.host_id.is_none().then_some(agent.channel.as_str()),
            address,
            ..self.core.context.audited("agent.token_confirmed")
        };
        audit_log::record(&mut transaction, entry).await?;
        transaction.commit().await?;
        self.core.hub.forget_agent(agent.id);
        Ok(())
    }
}
