//! Deployments as pages show them, to users with access to the project.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{
    api::{DeploymentSummary, HostName, InstallState},
    deploy::Drift,
};
use serde_json::Value;
use uuid::Uuid;

use super::{drift, status};
use crate::db::{Pool, agents::hosts::agent_status, projects::role};

/// Selects among the deployments that the caller has access to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeploymentFilter {
    pub project_id: Option<i32>,
    pub host_id: Option<Uuid>,
}

struct SummaryRow {
    id: i32,
    deployment_hash: String,
    project_id: i32,
    project_name: String,
    provider: String,
    stack: String,
    host_id: Option<Uuid>,
    host_name: Option<String>,
    status: String,
    agent_status: Option<String>,
    last_seen_at: Option<DateTime<Utc>>,
    running_revision: Option<i32>,
    drift: Value,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    user_id: String,
    role: String,
    server_id: Option<i32>,
    cloud_name: Option<String>,
    srv_ip: Option<String>,
    ssh_port: Option<i32>,
    progress: Option<i16>,
    status_message: Option<String>,
    waiting_since: Option<DateTime<Utc>>,
}

/// A deployment as pages show it.
pub struct Shown {
    pub id: i32,
    pub owner: String,
    pub summary: DeploymentSummary,
    pub drift: Vec<Drift>,
}

impl TryFrom<SummaryRow> for Shown {
    type Error = anyhow::Error;

    fn try_from(row: SummaryRow) -> anyhow::Result<Self> {
        let host = row.host_id.zip(row.host_name).map(|(id, name)| HostName { id, name });
        let install = row.server_id.map(|_| InstallState {
            cloud_name: row.cloud_name,
            progress: row.progress.and_then(|percent| u8::try_from(percent).ok()),
            message: row.status_message,
            waiting_since: row.waiting_since,
            srv_ip: row.srv_ip,
            ssh_port: row.ssh_port,
        });
        let summary = DeploymentSummary {
            id: row.id,
            deployment_hash: row.deployment_hash,
            project_id: row.project_id,
            project_name: row.project_name,
            provider: row.provider,
            stack: row.stack,
            host,
            status: status(&row.status)?,
            agent_status: agent_status(row.agent_status.as_deref()),
            last_seen_at: row.last_seen_at,
            running_revision: row.running_revision,
            created_at: row.created_at,
            updated_at: row.updated_at,
            role: role(&row.role)?,
            install,
        };
        Ok(Self { id: row.id, owner: row.user_id, summary, drift: drift(row.drift) })
    }
}

/// Newest first, with ids below `before`.
pub async fn list(
    pool: &Pool,
    user_id: &str,
    before: Option<i32>,
    filter: DeploymentFilter,
    limit: i64,
) -> anyhow::Result<Vec<DeploymentSummary>> {
    let rows = sqlx::query_as!(
        SummaryRow,
        r#"
        select d.id, d.deployment_hash, d.project_id, p.name as project_name, d.provider, d.stack, d.host_id,
            h.name as "host_name?", d.status, a.status as "agent_status?", a.last_heartbeat as "last_seen_at?",
            d.running_revision, d.drift, d.created_at, d.updated_at, d.user_id as "user_id!", access.role::text as "role!",
            d.server_id, c.name as "cloud_name?", s.srv_ip as "srv_ip?", s.ssh_port as "ssh_port?", d.progress, d.status_message,
            o.created_at as "waiting_since?"
        from deployment_access access
        join deployment d on d.id = access.deployment_id
        join project p on p.id = d.project_id
        left join host h on h.id = d.host_id
        left join agents a on a.channel = coalesce('host_' || d.host_id::text, d.deployment_hash)
        left join cloud c on c.id = d.cloud_id
        left join server s on s.id = d.server_id
        left join outbox o on o.destination = 'install' and o.subject = d.deployment_hash and o.attempts > 0
        where access.user_id = $1 and not d.deleted and d.prepared_until is null
            and ($2::integer is null or d.id < $2)
            and ($3::integer is null or d.project_id = $3)
            and ($4::uuid is null or d.host_id = $4)
        order by d.id desc
        limit $5
        "#,
        user_id,
        before,
        filter.project_id,
        filter.host_id,
        limit,
    )
    .fetch_all(pool)
    .await
    .context("listing deployments")?;
    rows.into_iter().map(|row| Ok(Shown::try_from(row)?.summary)).collect()
}

pub async fn find(pool: &Pool, hash: &str, user_id: &str) -> anyhow::Result<Option<Shown>> {
    let row = sqlx::query_as!(
        SummaryRow,
        r#"
        select d.id, d.deployment_hash, d.project_id, p.name as project_name, d.provider, d.stack, d.host_id,
            h.name as "host_name?", d.status, a.status as "agent_status?", a.last_heartbeat as "last_seen_at?",
            d.running_revision, d.drift, d.created_at, d.updated_at, d.user_id as "user_id!", access.role::text as "role!",
            d.server_id, c.name as "cloud_name?", s.srv_ip as "srv_ip?", s.ssh_port as "ssh_port?", d.progress, d.status_message,
            o.created_at as "waiting_since?"
        from deployment d
        join deployment_access access on access.deployment_id = d.id and access.user_id = $2
        join project p on p.id = d.project_id
        left join host h on h.id = d.host_id
        left join agents a on a.channel = coalesce('host_' || d.host_id::text, d.deployment_hash)
        left join cloud c on c.id = d.cloud_id
        left join server s on s.id = d.server_id
        left join outbox o on o.destination = 'install' and o.subject = d.deployment_hash and o.attempts > 0
        where d.deployment_hash = $1 and not d.deleted
        "#,
        hash,
        user_id,
    )
    .fetch_optional(pool)
    .await
    .context("reading a deployment")?;
    row.map(Shown::try_from).transpose()
}
