//! Enrolment codes: random, for one use, valid for a quarter of an hour. The database stores their hash.

use chrono::TimeDelta;
use domain::{
    access::{Action, Caller, ProjectRole},
    api::{Enrolment, HostSetup, quoted},
};
use secrecy::ExposeSecret as _;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{HostError, Hosts, allow};
use crate::{
    crypto::{random_secret, token_hash},
    db::{
        agents::{
            enrolment_codes::{self, EnrolmentFor, NewCode},
            hosts, joining,
        },
        audit_log::{self, AuditEntry},
        deployments,
    },
    services::public_url::Address,
};

pub const ENROLMENT_LIFETIME: TimeDelta = TimeDelta::minutes(15);
/// Lets secret scanners and people recognise an enrolment code.
const PREFIX: &str = "stkj_";

impl Hosts {
    /// Creates a code for a host that has not joined yet or joins again. Joining again replaces its agent's token.
    pub async fn enrol(&self, caller: &Caller, id: Uuid) -> Result<Enrolment, HostError> {
        self.enrol_at(caller, id, None).await
    }

    /// Like [`Self::enrol`], for a page: `reached_at` is the address that its browser uses.
    pub async fn enrol_at(
        &self,
        caller: &Caller,
        id: Uuid,
        reached_at: Option<&str>,
    ) -> Result<Enrolment, HostError> {
        allow(caller, Action::Update)?;
        let mut transaction = self.core.pool.begin().await?;
        if !hosts::keep(&mut transaction, id, &caller.user_id).await? {
            return Err(HostError::NotFound("host"));
        }
        let enrolment = self.code_for_host(&mut transaction, caller, id, reached_at).await?;
        transaction.commit().await?;
        Ok(enrolment)
    }

    /// Creates a code for a legacy agent, which registers with the hash of its deployment and gets a new token with the code.
    pub async fn enrol_deployment(&self, caller: &Caller, hash: &str) -> Result<Enrolment, HostError> {
        allow(caller, Action::Update)?;
        let no_such = HostError::NotFound("deployment");
        let mut transaction = self.core.pool.begin().await?;
        let role = deployments::role_of(&mut transaction, hash, &caller.user_id).await?;
        let Some(role) = role else { return Err(no_such) };
        role.require(ProjectRole::Owner)?;
        // A deployment on a host uses the agent of the host.
        if !deployments::keep_without_host(&mut transaction, hash, &caller.user_id).await? {
            return Err(no_such);
        }
        let r#for = EnrolmentFor::Deployment(hash.to_owned());
        let enrolment =
            self.code(&mut transaction, caller, r#for, &self.core.public_url.for_hosts(None)).await?;
        transaction.commit().await?;
        Ok(enrolment)
    }

    pub(super) async fn code_for_host(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        id: Uuid,
        reached_at: Option<&str>,
    ) -> Result<Enrolment, HostError> {
        let again =
            joining::prolong(connection, id, self.core.context.clock.now() + ENROLMENT_LIFETIME).await?;
        let address = self.core.public_url.for_hosts(reached_at);
        let enrolment = self.code(connection, caller, EnrolmentFor::Host(id), &address).await?;
        let programs = self.core.programs.list().await;
        let Address { text: address, is_loopback, is_https } = address;
        let setup = HostSetup { address, is_loopback, is_https, again, programs };
        Ok(Enrolment { setup: Some(setup), ..enrolment })
    }

    /// Creates a code. Earlier codes for the same host or deployment become invalid.
    async fn code(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        r#for: EnrolmentFor,
        address: &Address,
    ) -> Result<Enrolment, HostError> {
        let code = random_secret(self.core.context.random.as_ref(), PREFIX);
        let now = self.core.context.clock.now();
        let expires_at = now + ENROLMENT_LIFETIME;
        let hash = token_hash(code.expose_secret());
        let new = NewCode { hash, user_id: &caller.user_id, r#for: &r#for, now, expires_at };
        enrolment_codes::insert(connection, new).await?;
        let (action, deployment_hash, details) = match &r#for {
            EnrolmentFor::Host(id) => ("host.code_created", None, json!({"host_id": id})),
            EnrolmentFor::Deployment(hash) => ("deployment.code_created", Some(hash.as_str()), json!({})),
        };
        let entry = AuditEntry { deployment_hash, details, ..self.core.context.audited_by(caller, action) };
        audit_log::record(connection, entry).await?;
        let command =
            format!("stacker agent join {} --code {}", quoted(&address.text), quoted(code.expose_secret()));
        let (host_id, deployment_hash) = match r#for {
            EnrolmentFor::Host(id) => (Some(id), None),
            EnrolmentFor::Deployment(hash) => (None, Some(hash)),
        };
        let code = code.expose_secret().to_owned();
        Ok(Enrolment { host_id, deployment_hash, code, expires_at, command, setup: None })
    }
}
