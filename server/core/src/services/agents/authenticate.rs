//! Whether an agent is the one it says. Its bearer decides; a signature on top must be right where there is one.

use std::{ops::Deref, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use moka::sync::Cache;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use sha2::Sha256;
use uuid::Uuid;

use super::{AgentRecord, Agents};
use crate::{
    crypto::{TokenHash, same_secret, token_hash},
    db::{
        agents,
        audit_log::{self, AuditEntry, AuditStatus},
    },
};

/// How far the clock of an agent may be off, in seconds.
const MAX_SKEW: i64 = 300;
/// Longer than the skew on both sides: what is older is refused by its time.
const REPLAYS_REMEMBERED_FOR: Duration = Duration::from_secs(600);
const REPLAYS_REMEMBERED: u64 = 100_000;
/// Of a request id, in bytes.
const MAX_REQUEST_ID: usize = 200;

/// Request ids by agent, where signatures are mandatory.
pub(crate) type ReplayMemory = Cache<(Uuid, String), ()>;

pub(crate) fn new_replay_memory() -> ReplayMemory {
    Cache::builder().max_capacity(REPLAYS_REMEMBERED).time_to_live(REPLAYS_REMEMBERED_FOR).build()
}

/// As they came in the headers.
#[derive(Debug)]
pub struct AgentCredentials<'a> {
    pub agent_id: Uuid,
    pub bearer: &'a SecretString,
    pub signature: Signature<'a>,
    /// The raw one; empty for GET.
    pub body: &'a [u8],
}

/// What may come on top. Only the body is signed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signature<'a> {
    /// `X-Agent-Signature`: base64 of the HMAC-SHA256 of the body, by the token.
    pub value: Option<&'a str>,
    /// `X-Timestamp`: seconds.
    pub timestamp: Option<&'a str>,
    /// `X-Request-Id`
    pub request_id: Option<&'a str>,
}

#[derive(Debug, thiserror::Error)]
pub enum RefusedAgent {
    /// An unknown agent, a revoked one, a wrong token or a wrong signature: nobody learns which.
    #[error("these credentials are unknown, expired or revoked")]
    Credentials,
    #[error("this server wants requests of agents signed: {0}")]
    SignatureRequired(&'static str),
    #[error("the clock of the agent is {0} s off, more than {MAX_SKEW} s")]
    ClockOff(i64),
    #[error("a request with this id was here already")]
    Replayed,
    #[error("the agent could not be looked up")]
    Internal(#[from] anyhow::Error),
}

/// An agent that was let in. Cheap to clone.
#[derive(Clone, Debug)]
pub struct KnownAgent {
    pub record: Arc<AgentRecord>,
    /// What is not right with it, in words.
    pub remark: Option<Arc<str>>,
}

impl Deref for KnownAgent {
    type Target = AgentRecord;

    fn deref(&self) -> &AgentRecord {
        &self.record
    }
}

impl Agents {
    /// Polls stay out of the database: what was looked up once is remembered until it changes.
    pub async fn authenticate(&self, credentials: &AgentCredentials<'_>) -> Result<KnownAgent, RefusedAgent> {
        let agent = self.find(credentials.agent_id).await?.ok_or(RefusedAgent::Credentials)?;
        let now = self.context.clock.now();
        let presented = token_hash(credentials.bearer.expose_secret());
        match token_of(&agent, &presented, now) {
            Some(Token::Next) => self.confirm(&agent, &presented).await?,
            Some(Token::Current | Token::Previous) => {}
            None => return Err(RefusedAgent::Credentials),
        }
        self.check_signature(credentials)?;
        let remark = self.check_time(credentials, now)?;
        let remark = remark.map(Arc::<str>::from);
        self.sightings.note(agent.id, now, remark.clone());
        Ok(KnownAgent { record: agent, remark })
    }

    async fn find(&self, id: Uuid) -> anyhow::Result<Option<Arc<AgentRecord>>> {
        if let Some(agent) = self.hub.remembered_agent(id) {
            return Ok(Some(agent));
        }
        let generation = self.hub.agents_generation();
        let Some(agent) = agents::find(&self.pool, id).await?.map(Arc::new) else { return Ok(None) };
        self.hub.remember_agent(generation, agent.clone());
        Ok(Some(agent))
    }

    async fn confirm(&self, agent: &AgentRecord, presented: &TokenHash) -> anyhow::Result<()> {
        let now = self.context.clock.now();
        let until = now + self.settings.token_overlap;
        agents::confirm_next_token(&self.pool, agent.id, presented, until, now).await?;
        self.hub.forget_agent(agent.id);
        let mut connection = self.pool.acquire().await.map_err(anyhow::Error::from)?;
        let entry = AuditEntry {
            id: self.context.random.uuid_v7(now),
            action: "agent.token_confirmed",
            status: AuditStatus::Success,
            agent_id: Some(agent.id),
            user_id: None,
            deployment_hash: agent.host_id.is_none().then_some(agent.channel.as_str()),
            details: json!({}),
            address: None,
            now,
        };
        audit_log::record(&mut connection, entry).await
    }

    fn check_signature(&self, credentials: &AgentCredentials<'_>) -> Result<(), RefusedAgent> {
        let Some(value) = credentials.signature.value else {
            return if self.settings.require_signatures {
                Err(RefusedAgent::SignatureRequired("X-Agent-Signature is missing"))
            } else {
                Ok(())
            };
        };
        let signature = STANDARD.decode(value.trim()).map_err(|_| RefusedAgent::Credentials)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(credentials.bearer.expose_secret().as_bytes())
            .map_err(|_| RefusedAgent::Credentials)?;
        mac.update(credentials.body);
        mac.verify_slice(&signature).map_err(|_| RefusedAgent::Credentials)
    }

    /// What is remarked about its clock, where that is tolerated.
    fn check_time(
        &self,
        credentials: &AgentCredentials<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, RefusedAgent> {
        let Signature { timestamp, request_id, .. } = credentials.signature;
        let timestamp = timestamp.and_then(|text| text.trim().parse::<i64>().ok());
        let off = timestamp.map(|timestamp| now.timestamp().saturating_sub(timestamp).saturating_abs());
        let off = off.filter(|off| *off > MAX_SKEW);
        if !self.settings.require_signatures {
            return Ok(off.map(|off| format!("clock is {off} s off")));
        }
        if timestamp.is_none() {
            return Err(RefusedAgent::SignatureRequired("X-Timestamp is missing or no number of seconds"));
        }
        if let Some(off) = off {
            return Err(RefusedAgent::ClockOff(off));
        }
        let request_id = request_id
            .filter(|id| !id.is_empty() && id.len() <= MAX_REQUEST_ID)
            .ok_or(RefusedAgent::SignatureRequired("X-Request-Id is missing or too long"))?;
        let entry = self.replays.entry((credentials.agent_id, request_id.to_owned())).or_insert(());
        if entry.is_fresh() { Ok(None) } else { Err(RefusedAgent::Replayed) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Current,
    Previous,
    Next,
}

fn token_of(agent: &AgentRecord, presented: &TokenHash, now: DateTime<Utc>) -> Option<Token> {
    // All are compared, whichever is right.
    let current = same_secret(&agent.token_hash, presented);
    let previous = agent
        .previous_token
        .as_ref()
        .is_some_and(|(hash, until)| same_secret(hash, presented) && *until > now);
    let next = agent.next_token_hash.as_ref().is_some_and(|hash| same_secret(hash, presented));
    match (current, previous, next) {
        (true, _, _) => Some(Token::Current),
        (_, true, _) => Some(Token::Previous),
        (_, _, true) => Some(Token::Next),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn each_token_is_known_for_what_it_is_and_the_old_one_ends() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let agent = AgentRecord {
            id: Uuid::nil(),
            channel: "h".to_owned(),
            host_id: None,
            token_hash: token_hash("current").to_vec(),
            previous_token: Some((token_hash("previous").to_vec(), Some(now + TimeDelta::seconds(1)))),
            next_token_hash: Some(token_hash("next").to_vec()),
            next_token_sealed: None,
            capabilities: Vec::new(),
        };
        let token = |text, now| token_of(&agent, &token_hash(text), now);
        assert_eq!(token("current", now), Some(Token::Current));
        assert_eq!(token("next", now), Some(Token::Next));
        assert_eq!(token("previous", now), Some(Token::Previous));
        assert_eq!(token("previous", now + TimeDelta::seconds(1)), None);
        assert_eq!(token("other", now), None);
    }
}
        let waiting = AgentRecord { previous_token: Some((token_hash("previous").to_vec(), None)), ..agent };
        let later = now + TimeDelta::days(30);
        assert_eq!(token_of(&waiting, &token_hash("previous"), later), Some(Token::Previous));
