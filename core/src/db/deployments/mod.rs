//! Table `deployment`: stacks on hosts. Reading is here, writing in [`write`].
//!
//! A deployment has ended if it is deleted, removed or cancelled, or if it failed with nothing running. Otherwise it is live.
//! While somebody only looks at its plan it is *prepared*: in no list, and counted nowhere.

pub(crate) mod deployment_commands;
pub(crate) mod deployment_events;
pub(crate) mod deployment_revisions;
pub(crate) mod deployment_services;
pub(crate) mod install;
mod shown;
pub(crate) mod status_tokens;
mod write;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{
    access::ProjectRole,
    api::Capabilities,
    deploy::{DeploymentStatus, Drift, StackName},
    marketplace::Requirement,
    stack::Values,
};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

pub use shown::{DeploymentFilter, Shown, find, list};
pub use write::{
    NewDeployment, cancel, confirm_prepared, count_live, delete_expired_prepared, delete_prepared, insert,
    lock_open_of_host, lock_owner, next_id, owner_of_prepared, put_away, set_drift, set_drifts, set_state,
};

use super::projects::{project_values, role};
use crate::db::{Pool, agents::hosts, marketplace::requirements::Columns};

/// What a use case needs to know to change a deployment.
#[derive(Clone, Debug)]
pub struct Stored {
    pub id: i32,
    pub project_id: i32,
    pub hash: String,
    pub host_id: Option<Uuid>,
    pub stack: StackName,
    pub status: DeploymentStatus,
    pub running_revision: Option<i32>,
    pub drift: Vec<Drift>,
    /// The caller's role in the project; the owner's for agents and for new deployments.
    pub role: ProjectRole,
}

impl Stored {
    /// The channel on which the deployment's commands are fetched.
    pub fn channel(&self) -> String {
        self.host_id.map_or_else(|| self.hash.clone(), hosts::channel)
    }
}

pub(super) struct Row {
    id: i32,
    project_id: i32,
    deployment_hash: String,
    host_id: Option<Uuid>,
    stack: String,
    status: String,
    running_revision: Option<i32>,
    drift: Value,
    role: String,
}

impl TryFrom<Row> for Stored {
    type Error = anyhow::Error;

    fn try_from(row: Row) -> anyhow::Result<Self> {
        Ok(Self {
            id: row.id,
            project_id: row.project_id,
            hash: row.deployment_hash,
            host_id: row.host_id,
            stack: StackName::parse(&row.stack).context("the name of a stack is not one")?,
            status: status(&row.status)?,
            running_revision: row.running_revision,
            drift: drift(row.drift),
            role: role(&row.role)?,
        })
    }
}

fn status(word: &str) -> anyhow::Result<DeploymentStatus> {
    DeploymentStatus::named(word).with_context(|| format!("`{word}` is no status of a deployment"))
}

/// Values of earlier versions that cannot be parsed are skipped: the agent will report them again.
fn drift(value: Value) -> Vec<Drift> {
    serde_json::from_value(value).unwrap_or_default()
}

pub async fn id_of(pool: &Pool, hash: &str, user_id: &str) -> anyhow::Result<Option<i32>> {
    sqlx::query_scalar!(
        r#"
        select d.id
        from deployment d
        join deployment_access access on access.deployment_id = d.id and access.user_id = $2
        where d.deployment_hash = $1 and not d.deleted
        "#,
        hash,
        user_id
    )
    .fetch_optional(pool)
    .await
    .context("looking for a deployment")
}

/// The user's role in the deployment's project; `None` without access.
pub async fn role_of(
    connection: &mut PgConnection,
    hash: &str,
    user_id: &str,
) -> anyhow::Result<Option<ProjectRole>> {
    let found = sqlx::query_scalar!(
        r#"
        select access.role::text as "role!"
        from deployment d
        join deployment_access access on access.deployment_id = d.id and access.user_id = $2
        where d.deployment_hash = $1
        "#,
        hash,
        user_id
    )
    .fetch_optional(connection)
    .await
    .context("asking what somebody is to a deployment")?;
    found.as_deref().map(role).transpose()
}

/// The deployment's project as it is now.
pub struct ProjectNow {
    pub id: i32,
    pub compose: String,
    pub values: Values,
    pub values_sealed: Option<Vec<u8>>,
    /// What its template asks for. `None`: it was not made from one.
    pub requirement: Option<Requirement>,
}

pub async fn project_now(pool: &Pool, hash: &str, user_id: &str) -> anyhow::Result<Option<ProjectNow>> {
    let row = sqlx::query!(
        r#"
        select p.id, p.compose, p.value_numbers as "value_numbers: project_values::Numbers", p.values_sealed,
            t.id as "template_id?", t.slug as "slug?", t.required_plan_name, t.product_id
        from deployment d
        join project p on p.id = d.project_id and p.user_id = d.user_id
        left join stack_template t on t.id = p.source_template_id
        join deployment_access access on access.deployment_id = d.id and access.user_id = $2
        where d.deployment_hash = $1 and not d.deleted
        "#,
        hash,
        user_id,
    )
    .fetch_optional(pool)
    .await
    .context("reading the project of a deployment")?;
    Ok(row.map(|row| ProjectNow {
        id: row.id,
        compose: row.compose,
        values: Values::stored(row.value_numbers.0),
        values_sealed: row.values_sealed,
        requirement: Columns {
            template_id: row.template_id,
            slug: row.slug,
            required_plan_name: row.required_plan_name,
            product_id: row.product_id,
        }
        .requirement(),
    }))
}

struct AgentRow {
    agent_id: Option<Uuid>,
    status: Option<String>,
    last_heartbeat: Option<DateTime<Utc>>,
    version: Option<String>,
    system_info: Option<Value>,
    capabilities: Option<Value>,
}

/// The agent of a deployment; the list of its commands is left empty.
pub async fn agent_of(pool: &Pool, hash: &str, user_id: &str) -> anyhow::Result<Option<Capabilities>> {
    let row = sqlx::query_as!(
        AgentRow,
        r#"
        select a.id as "agent_id?", a.status as "status?", a.last_heartbeat as "last_heartbeat?",
            a.version as "version?", a.system_info as "system_info?", a.capabilities as "capabilities?"
        from deployment d
        join deployment_access access on access.deployment_id = d.id and access.user_id = $2
        left join agents a on a.channel = coalesce('host_' || d.host_id::text, d.deployment_hash)
        where d.deployment_hash = $1 and not d.deleted
        "#,
        hash,
        user_id,
    )
    .fetch_optional(pool)
    .await
    .context("reading the agent of a deployment")?;
    Ok(row.map(|row| Capabilities {
        deployment_hash: hash.to_owned(),
        agent_id: row.agent_id,
        status: hosts::agent_status(row.status.as_deref()),
        last_heartbeat: row.last_heartbeat,
        version: row.version,
        system_info: row.system_info,
        capabilities: row.capabilities.map(hosts::words).unwrap_or_default(),
        commands: Vec::new(),
    }))
}

/// Until the transaction ends, no other transaction changes the deployment.
pub async fn find_locked(
    connection: &mut PgConnection,
    hash: &str,
    user_id: &str,
) -> anyhow::Result<Option<Stored>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select d.id, d.project_id, d.deployment_hash, d.host_id, d.stack, d.status, d.running_revision, d.drift,
            access.role::text as "role!"
        from deployment d
        join deployment_access access on access.deployment_id = d.id and access.user_id = $2
        where d.deployment_hash = $1 and not d.deleted
        for update of d
        "#,
        hash,
        user_id,
    )
    .fetch_optional(connection)
    .await
    .context("reading a deployment to change it")?;
    row.map(Stored::try_from).transpose()
}

/// For reports of agents, which are already authenticated.
pub async fn find_locked_by_hash(
    connection: &mut PgConnection,
    hash: &str,
) -> anyhow::Result<Option<Stored>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select id, project_id, deployment_hash, host_id, stack, status, running_revision, drift,
            'owner' as "role!"
        from deployment
        where deployment_hash = $1 and not deleted
        for update
        "#,
        hash,
    )
    .fetch_optional(connection)
    .await
    .context("reading a deployment to note an outcome")?;
    row.map(Stored::try_from).transpose()
}

/// Whether a command that changes the stack is queued or running.
pub async fn is_busy(connection: &mut PgConnection, hash: &str) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"
        select exists (
            select from commands
            where deployment_hash = $1 and status in ('queued', 'sent', 'executing')
                and type in ('deploy_stack', 'stacker.deploy_stack', 'remove_stack', 'stacker.remove_stack')
        ) as "busy!"
        "#,
        hash,
    )
    .fetch_one(connection)
    .await
    .context("asking whether a deployment is busy")
}

/// Locks a deployment without a host, so that it is not deleted until the transaction ends.
pub async fn keep_without_host(
    connection: &mut PgConnection,
    hash: &str,
    user_id: &str,
) -> anyhow::Result<bool> {
    let kept = sqlx::query_scalar!(
        r#"
        select id from deployment
        where deployment_hash = $1 and user_id = $2 and host_id is null and not deleted
            and status not in ('removed', 'cancelled')
        for share
        "#,
        hash,
        user_id,
    )
    .fetch_optional(connection)
    .await
    .context("looking for a deployment without a host")?;
    Ok(kept.is_some())
}
