//! Hosts as pages and clients see them: with their agent and the number of their deployments.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::api::{AgentPlace, AgentStatus, Host, HostStage};
use serde_json::Value;
use uuid::Uuid;

use crate::db::Pool;

struct Row {
    id: Uuid,
    name: String,
    is_local: bool,
    engine: Option<String>,
    engine_missing: Option<Value>,
    compose_missing: Option<Value>,
    resources: Option<Value>,
    is_provisional: bool,
    program_fetched_at: Option<DateTime<Utc>>,
    joined_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    status: Option<String>,
    last_seen_at: Option<DateTime<Utc>>,
    version: Option<String>,
    capabilities: Option<Value>,
    system_info: Option<Value>,
    remark: Option<String>,
    deployments: i64,
}

impl From<Row> for Host {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            is_local: row.is_local,
            stage: HostStage::of(row.joined_at, row.last_seen_at),
            is_provisional: row.is_provisional,
            program_fetched_at: row.program_fetched_at,
            joined_at: row.joined_at,
            agent_place: row.system_info.as_ref().and_then(AgentPlace::of_registration),
            status: agent_status(row.status.as_deref()),
            last_seen_at: row.last_seen_at,
            version: row.version,
            capabilities: row.capabilities.map(words).unwrap_or_default(),
            engine: row.engine,
            engine_missing: row.engine_missing.and_then(|missing| serde_json::from_value(missing).ok()),
            compose_missing: row.compose_missing.and_then(|missing| serde_json::from_value(missing).ok()),
            resources: row.resources.and_then(|resources| serde_json::from_value(resources).ok()),
            remark: row.remark,
            deployments: row.deployments,
            created_at: row.created_at,
        }
    }
}

/// The default status if there is no agent.
pub(in crate::db) fn agent_status(word: Option<&str>) -> AgentStatus {
    word.and_then(AgentStatus::named).unwrap_or_default()
}

/// A list of texts. Any other value, which a legacy agent may have sent, counts as an empty list.
pub(in crate::db) fn words(value: Value) -> Vec<String> {
    serde_json::from_value(value).unwrap_or_default()
}

/// Hosts that are not revoked, also provisional ones: this machine first, then by the time they were added.
pub async fn list(pool: &Pool, user_id: &str) -> anyhow::Result<Vec<Host>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select h.id, h.name, h.is_local, h.engine, h.engine_missing, h.compose_missing, h.resources, h.created_at,
            h.provisional_until is not null as "is_provisional!", h.program_fetched_at, h.joined_at, a.status as "status?",
            a.last_heartbeat as "last_seen_at?", a.version as "version?", a.capabilities as "capabilities?",
            a.remark as "remark?", a.system_info as "system_info?",
            (
                select count(*) from deployment d
                where d.host_id = h.id and not d.deleted and d.prepared_until is null and d.status not in ('removed', 'cancelled')
                    and not (d.status in ('failed', 'error') and d.running_revision is null)
            ) as "deployments!"
        from host h
        left join agents a on a.host_id = h.id
        where h.user_id = $1 and h.revoked_at is null
        order by h.is_local desc, h.id
        limit 1000
        "#,
        user_id,
    )
    .fetch_all(pool)
    .await
    .context("listing hosts")?;
    Ok(rows.into_iter().map(Host::from).collect())
}

/// A host that is not revoked.
pub async fn find(pool: &Pool, id: Uuid, user_id: &str) -> anyhow::Result<Option<Host>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select h.id, h.name, h.is_local, h.engine, h.engine_missing, h.compose_missing, h.resources, h.created_at,
            h.provisional_until is not null as "is_provisional!", h.program_fetched_at, h.joined_at, a.status as "status?",
            a.last_heartbeat as "last_seen_at?", a.version as "version?", a.capabilities as "capabilities?",
            a.remark as "remark?", a.system_info as "system_info?",
            (
                select count(*) from deployment d
                where d.host_id = h.id and not d.deleted and d.prepared_until is null and d.status not in ('removed', 'cancelled')
                    and not (d.status in ('failed', 'error') and d.running_revision is null)
            ) as "deployments!"
        from host h
        left join agents a on a.host_id = h.id
        where h.id = $1 and h.user_id = $2 and h.revoked_at is null
        "#,
        id,
        user_id,
    )
    .fetch_optional(pool)
    .await
    .context("reading a host")?;
    Ok(row.map(Host::from))
}

/// The third-party agent that serves a deployment, shown as a host of which only the agent is known.
pub async fn agent_of_others(pool: &Pool, deployment_hash: &str) -> anyhow::Result<Option<Host>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select id, 'agent' as "name!", false as "is_local!", null::text as engine, null::jsonb as engine_missing,
            null::jsonb as compose_missing, null::jsonb as resources, created_at, false as "is_provisional!", null::timestamptz as program_fetched_at,
            created_at as joined_at, status as "status?", last_heartbeat as last_seen_at, version, capabilities as "capabilities?", remark,
            null::jsonb as system_info,
            1::bigint as "deployments!"
        from agents
        where channel = $1 and host_id is null
        "#,
        deployment_hash,
    )
    .fetch_optional(pool)
    .await
    .context("reading the agent of a deployment")?;
    Ok(row.map(Host::from))
}
