//! Deploys a project: the deployment waits for a legacy agent, or is brought up on a host.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access::{Action, Caller, ProjectRole},
    api::{DeployMeta, Happened, RevisionOutcome},
    cloud::DeployBody,
    deploy::{DeployStack, StackName},
    marketplace::Requirement,
    stack::Values,
};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    Deployments, allow,
    enqueue::enqueue,
    error::DeploymentError,
    install::Credentials,
    locks::{require_agreements, room_for_deployment},
    stack::check_deployable,
    validate::validate,
    values::RevisionValues,
};
use crate::{
    context::Context,
    db::{
        agents::hosts,
        audit_log::{self, AuditEntry},
        deployments::{
            self, NewDeployment, Stored, deployment_events,
            deployment_revisions::{self, NewRevision},
        },
        projects::{self, ToDeploy},
    },
};

/// How long a plan can be applied after somebody asked for it. A closed page discards it at once.
const PREPARED_FOR: TimeDelta = TimeDelta::days(1);

/// The project that is deployed.
pub struct Subject {
    pub id: i32,
    /// The user whose hosts and clouds the project is deployed to.
    pub owner: String,
    name: String,
    pub metadata: serde_json::Value,
    pub compose: String,
    values: Values,
    values_sealed: Option<Vec<u8>>,
}

impl Deployments {
    /// Creates a deployment. With a host, a command for the agent of that host is queued at once. Otherwise the deployment goes to
    /// the install service; without one, it waits for an agent that registers with its hash.
    pub async fn deploy(
        &self,
        caller: &Caller,
        project_id: i32,
        body: DeployBody,
    ) -> Result<DeployMeta, DeploymentError> {
        allow(caller, Action::Create)?;
        let subject = self.subject(caller, project_id).await?;
        require_agreements(&mut *self.core.pool.acquire().await?, caller).await?;
        if body.host.is_none() && self.core.install.broker().is_some() {
            return self.install(caller, subject, Credentials::OfRequest, body).await;
        }
        if body.host.is_none() && !body.is_own() {
            return Err(DeploymentError::CloudNotConfigured);
        }
        let read = check_deployable(subject.compose.clone()).await?;
        let mut warnings = Vec::new();
        if body.host.is_some() {
            let values = self.values_of(&subject, &read)?.secrets();
            // The host may have other credentials and images of its own, so nothing of this keeps it from trying.
            match self.images(caller, &subject, values).await {
                Ok(images) => warnings = images.into_warnings(),
                Err(error) => tracing::warn!(?error, "the images of a deployment were not looked up"),
            }
        }

        let mut transaction = self.core.pool.begin().await?;
        let deployment = self.create(&mut transaction, caller, &subject, body.host, None).await?;
        let mut command_id = None;
        if body.host.is_some() {
            let revision = NewRevision {
                compose: &subject.compose,
                outcome: RevisionOutcome::InProgress,
                returns_to: None,
                values: self.values_of(&subject, &read)?.seal(&self.core)?,
                created_by: &caller.user_id,
                now: self.core.context.clock.now(),
            };
            let number = deployment_revisions::insert(&mut transaction, deployment.id, revision).await?;
            let parameters = self.deploy_stack(&deployment, number, subject.compose, None, Vec::new());
            let command =
                enqueue(&mut transaction, &deployment, &parameters, Some(number), caller, &self.core.context)
                    .await?;
            command_id = Some(command.command_id);
        }
        transaction.commit().await?;
        Ok(DeployMeta {
            deployment_id: deployment.id,
            deployment_hash: deployment.hash,
            command_id,
            warnings,
        })
    }

    /// Prepares a deployment for planning; nothing happens on the host yet. Until its plan is applied it is in no list and counts
    /// nowhere: [`Self::discard_plan`] deletes it, and otherwise a job does.
    pub async fn prepare(
        &self,
        caller: &Caller,
        project_id: i32,
        host: Uuid,
    ) -> Result<DeployMeta, DeploymentError> {
        allow(caller, Action::Create)?;
        let subject = self.subject(caller, project_id).await?;
        require_agreements(&mut *self.core.pool.acquire().await?, caller).await?;
        check_deployable(subject.compose.clone()).await?;
        let mut transaction = self.core.pool.begin().await?;
        let until = self.core.context.clock.now() + PREPARED_FOR;
        let deployment = self.create(&mut transaction, caller, &subject, Some(host), Some(until)).await?;
        transaction.commit().await?;
        Ok(DeployMeta {
            deployment_id: deployment.id,
            deployment_hash: deployment.hash,
            command_id: None,
            warnings: Vec::new(),
        })
    }

    /// Deploys through the install service, with the credentials of a stored cloud.
    pub async fn deploy_to_cloud(
        &self,
        caller: &Caller,
        project_id: i32,
        cloud_id: i32,
        body: DeployBody,
    ) -> Result<DeployMeta, DeploymentError> {
        allow(caller, Action::Create)?;
        let subject = self.subject(caller, project_id).await?;
        require_agreements(&mut *self.core.pool.acquire().await?, caller).await?;
        if self.core.install.broker().is_none() {
            return Err(DeploymentError::CloudNotConfigured);
        }
        self.install(caller, subject, Credentials::OfCloud(cloud_id), body).await
    }

    /// The project, in which the caller must be at least an operator. Every way to deploy begins here, so this also checks that the
    /// caller has what the template of the project asks for.
    pub(super) async fn subject(&self, caller: &Caller, project_id: i32) -> Result<Subject, DeploymentError> {
        let project = projects::find_to_deploy(&self.core.pool, project_id, &caller.user_id).await?;
        let ToDeploy { owner, role, name, metadata, compose, values, values_sealed, requirement } =
            project.ok_or(DeploymentError::NotFound("project"))?;
        role.require(ProjectRole::Operator)?;
        self.validate(caller, requirement.as_ref()).await?;
        Ok(Subject { id: project_id, owner, name, metadata, compose, values, values_sealed })
    }

    /// Checks that the caller has what a template asks for. It may ask the User Service, so no transaction must be open.
    pub(super) async fn validate(
        &self,
        caller: &Caller,
        requirement: Option<&Requirement>,
    ) -> Result<(), DeploymentError> {
        let Some(requirement) = requirement else { return Ok(()) };
        Ok(validate(self.core.user_service.as_ref(), caller, requirement).await?)
    }

    pub(super) fn values_of(
        &self,
        subject: &Subject,
        read: &BTreeSet<String>,
    ) -> anyhow::Result<RevisionValues> {
        let Subject { id, values, values_sealed, .. } = subject;
        RevisionValues::of_project(&self.core, *id, values, values_sealed.as_deref(), read)
    }

    /// Creates a deployment. Project and host are checked again under their locks, so that neither is deleted meanwhile.
    pub(super) async fn create(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        subject: &Subject,
        host: Option<Uuid>,
        prepared_until: Option<DateTime<Utc>>,
    ) -> Result<Stored, DeploymentError> {
        let owner = subject.owner.as_str();
        room_for_deployment(connection, owner, self.core.limits.max_deployments).await?;
        if !projects::keep(connection, subject.id, owner, &caller.user_id, ProjectRole::Operator).await? {
            return Err(DeploymentError::NotFound("project"));
        }
        if let Some(host) = host {
            let target = hosts::keep_target(connection, host, owner).await?;
            let target = target.ok_or(DeploymentError::NotFound("host"))?;
            if let Some(missing) = target.compose_missing {
                return Err(DeploymentError::HostWithoutCompose { missing });
            }
        }
        let id = deployments::next_id(connection).await?;
        let new = NewDeployment {
            id,
            project_id: subject.id,
            user_id: owner,
            hash: format!("deployment_{}", self.core.context.random.uuid_v4()),
            host_id: host,
            stack: StackName::of(&subject.name, id),
            metadata: &subject.metadata,
            prepared_until,
            now: self.core.context.clock.now(),
        };
        let deployment = deployments::insert(connection, new).await?;
        let entry = AuditEntry {
            owner_id: Some(owner),
            deployment_hash: Some(&deployment.hash),
            details: json!({"project_id": subject.id, "name": subject.name, "host_id": host}),
            ..self.core.context.audited_by(caller, "deployment.created")
        };
        audit_log::record(connection, entry).await?;
        Ok(deployment)
    }

    /// The command that the agent receives for a revision.
    pub(super) fn deploy_stack(
        &self,
        deployment: &Stored,
        revision: i32,
        compose: String,
        plan_hash: Option<String>,
        recreate: Vec<String>,
    ) -> DeployStack {
        DeployStack {
            stack: deployment.stack.clone(),
            revision,
            compose,
            // Added when the agent fetches the command.
            variables: None,
            plan_hash,
            health_timeout_secs: self.core.agent_settings.health_timeout_secs,
            recreate,
        }
    }
}

/// Sends a revision to the agent. The deployment must be locked.
pub(super) async fn start_revision(
    connection: &mut PgConnection,
    deployment: &Stored,
    number: i32,
    parameters: DeployStack,
    caller: &Caller,
    context: &Context,
) -> Result<String, DeploymentError> {
    let command = enqueue(connection, deployment, &parameters, Some(number), caller, context).await?;
    let begun = Happened::Revision { number, outcome: RevisionOutcome::InProgress, message: None };
    deployment_events::append(connection, &deployment.hash, &begun, context.clock.now()).await?;
    Ok(command.command_id)
}
