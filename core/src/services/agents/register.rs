//! Admits an agent: by the hash of a deployment the first time, by an enrolment code, or by its token when it registers again.

use std::net::IpAddr;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    api::RegisterAgent,
    audit::AuditOutcome,
    problem::{Problem, ProblemKind, UseCaseError},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{AgentRecord, Agents};
use crate::{
    context::Random,
    crypto::{same_secret, token_hash},
    db::{
        agents::{
            self, About, NewAgent,
            enrolment_codes::{self, EnrolmentFor},
            hosts, joining,
        },
        audit_log::{self, AuditEntry},
        storable::storable,
    },
    services::agent_dispatcher::token_issued,
};

const MAX_HASH: usize = 128;
pub(super) const MAX_VERSION: usize = 50;
pub(super) const MAX_CAPABILITIES: usize = 100;
pub(super) const MAX_CAPABILITY: usize = 100;

#[derive(Debug)]
pub struct Registered {
    pub agent_id: Uuid,
    /// Returned at the first registration or with a code, and never again.
    pub token: Option<SecretString>,
    pub channel: String,
    /// The host of our agent, which handles all stacks there; `None` for third-party agents.
    pub host_id: Option<Uuid>,
    /// Whether the agent registered for the first time.
    pub is_new: bool,
    /// The user who created the enrolment code.
    pub admitted_by: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    #[error("{message}")]
    Invalid { field: &'static str, message: String },
    #[error("deployment not found")]
    NotFound,
    #[error("this enrolment code is unknown, used or expired: create a new one")]
    Code,
    #[error(
        "an agent is registered for this deployment already; register with its token, or with an enrolment code of the owner"
    )]
    Taken,
    #[error("this deployment belongs to the agent of its host")]
    OfHost,
    #[error("the agent could not be registered")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for RegisterError {
    fn problem(&self) -> Problem {
        match self {
            Self::Invalid { field, .. } => {
                Problem::new(ProblemKind::Invalid, "invalid", self).about_field(field)
            }
            Self::NotFound => Problem::new(ProblemKind::NotFound, "not-found", self).missing("deployment"),
            Self::Code => Problem::new(ProblemKind::BadCredentials, "enrolment-code-invalid", self),
            Self::Taken => Problem::conflict("already-registered", self),
            Self::OfHost => Problem::conflict("deployment-of-host", self),
            Self::Internal(_) => Problem::internal(),
        }
    }
}

impl From<sqlx::Error> for RegisterError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}

/// The channel that an agent is admitted to.
struct Door {
    channel: String,
    host_id: Option<Uuid>,
}

impl Agents {
    pub async fn register(
        &self,
        request: &RegisterAgent,
        bearer: Option<&SecretString>,
        address: Option<IpAddr>,
    ) -> Result<Registered, RegisterError> {
        check(request)?;
        let mut transaction = self.core.pool.begin().await?;
        let registered = match request.enrolment_code.as_deref().filter(|code| !code.is_empty()) {
            Some(code) => self.by_code(&mut transaction, request, code).await,
            None => self.by_hash(&mut transaction, request, bearer).await,
        };
        match registered {
            Ok(registered) => {
                self.audit(&mut transaction, request, Ok(&registered), address).await?;
                match registered.host_id {
                    Some(host) => {
                        joining::joined(&mut transaction, host, self.core.context.clock.now()).await?;
                    }
                    None => hosts::announce_machine(&mut transaction, &registered.channel).await?,
                }
                if let Some(token) = registered.token.as_ref().filter(|_| registered.host_id.is_none()) {
                    token_issued(&mut transaction, &self.core.vault, &registered.channel, token).await?;
                }
                transaction.commit().await?;
                self.core.hub.forget_agent(registered.agent_id);
                Ok(registered)
            }
            Err(error) => {
                transaction.rollback().await?;
                if matches!(error, RegisterError::Code | RegisterError::Taken | RegisterError::OfHost) {
                    let mut connection = self.core.pool.acquire().await?;
                    self.audit(&mut connection, request, Err(&error), address).await?;
                }
                Err(error)
            }
        }
    }

    async fn by_hash(
        &self,
        connection: &mut PgConnection,
        request: &RegisterAgent,
        bearer: Option<&SecretString>,
    ) -> Result<Registered, RegisterError> {
        let hash = request.deployment_hash.trim();
        if hash.is_empty() {
            let message = "deployment_hash is required".to_owned();
            return Err(RegisterError::Invalid { field: "deployment_hash", message });
        }
        let deployment = agents::registrable(connection, hash).await?.ok_or(RegisterError::NotFound)?;
        if deployment.host_id.is_some() {
            return Err(RegisterError::OfHost);
        }
        let door = Door { channel: hash.to_owned(), host_id: None };
        if let Some(registered) = self.newly(connection, request, &door).await? {
            return Ok(registered);
        }
        let existing = agents::find_locked_on_channel(connection, hash).await?;
        let existing = existing.filter(|agent| bearer.is_some_and(|bearer| is_token_of(agent, bearer)));
        let Some(agent) = existing else { return Err(RegisterError::Taken) };
        let system_info = system_info(request)?;
        let now = self.core.context.clock.now();
        agents::update_about(connection, agent.id, about(request, &system_info), now).await?;
        Ok(Registered {
            agent_id: agent.id,
            token: None,
            channel: agent.channel,
            host_id: agent.host_id,
            is_new: false,
            admitted_by: None,
        })
    }

    async fn by_code(
        &self,
        connection: &mut PgConnection,
        request: &RegisterAgent,
        code: &str,
    ) -> Result<Registered, RegisterError> {
        let now = self.core.context.clock.now();
        let taken = enrolment_codes::take(connection, &token_hash(code), now).await?;
        let taken = taken.ok_or(RegisterError::Code)?;
        let asked_for = request.deployment_hash.trim();
        let door = match taken.r#for {
            EnrolmentFor::Host(host) => Door { channel: hosts::channel(host), host_id: Some(host) },
            EnrolmentFor::Deployment(hash) if asked_for.is_empty() || asked_for == hash => {
                Door { channel: hash, host_id: None }
            }
            // The code is for another deployment: it is treated as unknown, and it is not used up.
            EnrolmentFor::Deployment(_) => return Err(RegisterError::Code),
        };
        if door.host_id.is_none() {
            agents::registrable(connection, &door.channel).await?.ok_or(RegisterError::NotFound)?;
        }
        let admitted_by = Some(taken.user_id);
        if let Some(registered) = self.newly(connection, request, &door).await? {
            return Ok(Registered { admitted_by, ..registered });
        }
        let agent = agents::find_locked_on_channel(connection, &door.channel)
            .await?
            .ok_or(RegisterError::NotFound)?;
        let token = new_token(self.core.context.random.as_ref());
        agents::replace_token(connection, agent.id, &token_hash(token.expose_secret()), now).await?;
        let system_info = system_info(request)?;
        agents::update_about(connection, agent.id, about(request, &system_info), now).await?;
        Ok(Registered {
            agent_id: agent.id,
            token: Some(token),
            channel: door.channel,
            host_id: door.host_id,
            is_new: false,
            admitted_by,
        })
    }

    /// Inserts the agent. `None` if the channel already has one: of two simultaneous registrations only one succeeds.
    async fn newly(
        &self,
        connection: &mut PgConnection,
        request: &RegisterAgent,
        door: &Door,
    ) -> Result<Option<Registered>, RegisterError> {
        let now = self.core.context.clock.now();
        let id = self.core.context.random.uuid_v7(now);
        let token = new_token(self.core.context.random.as_ref());
        let system_info = system_info(request)?;
        let new = NewAgent {
            id,
            channel: &door.channel,
            host_id: door.host_id,
            token_hash: &token_hash(token.expose_secret()),
            about: about(request, &system_info),
            now,
        };
        let is_new = agents::insert(connection, new).await?;
        Ok(is_new.then(|| Registered {
            agent_id: id,
            token: Some(token),
            channel: door.channel.clone(),
            host_id: door.host_id,
            is_new: true,
            admitted_by: None,
        }))
    }

    async fn audit(
        &self,
        connection: &mut PgConnection,
        request: &RegisterAgent,
        registered: Result<&Registered, &RegisterError>,
        address: Option<IpAddr>,
    ) -> Result<(), RegisterError> {
        let hash = request.deployment_hash.trim();
        let (outcome, agent_id, details) = match registered {
            Ok(registered) => {
                let details = json!({
                    "version": request.agent_version,
                    "capabilities": request.capabilities,
                    "new_token": registered.token.is_some(),
                });
                (AuditOutcome::Success, Some(registered.agent_id), details)
            }
            Err(error) => (AuditOutcome::Refused, None, json!({"reason": error.to_string()})),
        };
        let entry = AuditEntry {
            outcome,
            agent_id,
            user_id: registered.ok().and_then(|registered| registered.admitted_by.as_deref()),
            deployment_hash: (!hash.is_empty()).then_some(hash),
            details,
            address,
            ..self.core.context.audited("agent.registered")
        };
        Ok(audit_log::record(connection, entry).await?)
    }
}

fn check(request: &RegisterAgent) -> Result<(), RegisterError> {
    let invalid = |field, message: &str| Err(RegisterError::Invalid { field, message: message.to_owned() });
    if request.deployment_hash.len() > MAX_HASH {
        // No deployment has such a hash.
        return Err(RegisterError::NotFound);
    }
    let is_plain = |text: &str, most: usize| text.chars().count() <= most;
    if !request.agent_version.as_deref().is_none_or(|version| is_plain(version, MAX_VERSION)) {
        return invalid("agent_version", "agent_version can have up to 50 characters");
    }
    let words = &request.capabilities;
    if words.len() > MAX_CAPABILITIES || !words.iter().all(|word| is_plain(word, MAX_CAPABILITY)) {
        return invalid("capabilities", "capabilities can have up to 100 words of up to 100 characters");
    }
    Ok(())
}

fn about<'a>(request: &'a RegisterAgent, system_info: &'a Value) -> About<'a> {
    About { capabilities: &request.capabilities, version: request.agent_version.as_deref(), system_info }
}

fn system_info(request: &RegisterAgent) -> anyhow::Result<Value> {
    match &request.system_info {
        None | Some(Value::Null) => Ok(json!({})),
        Some(said) => storable(said),
    }
}

fn is_token_of(agent: &AgentRecord, bearer: &SecretString) -> bool {
    same_secret(&agent.token_hash, &token_hash(bearer.expose_secret()))
}

/// A token of 86 characters (512 bits), the length that agents expect.
fn new_token(random: &dyn Random) -> SecretString {
    let mut bytes = [0; 64];
    random.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::SeededRandom;

    #[test]
    fn a_token_has_the_length_and_letters_agents_know() {
        let token = new_token(&SeededRandom::new(1));
        assert_eq!(token.expose_secret().len(), 86);
        assert!(
            token.expose_secret().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        );
    }
}
