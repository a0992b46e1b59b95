//! Table `agents`: when agents last made contact, and which of them went offline.

use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::api::AgentStatus;
use sqlx::PgConnection;
use uuid::Uuid;

/// The last contact of one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    /// A problem noticed at this contact, in words.
    pub remark: Option<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusChange {
    pub id: Uuid,
    pub channel: String,
    pub host_id: Option<Uuid>,
    pub status: AgentStatus,
    pub remark: Option<String>,
    /// Whether it was offline before.
    pub came_online: bool,
}

/// Writes all contacts in one statement. Returns the agents whose status changed, and wakes the pages that show their hosts or, for
/// third-party agents, the machines of their deployments.
pub async fn record_sightings(
    connection: &mut PgConnection,
    sightings: &[Sighting],
) -> anyhow::Result<Vec<StatusChange>> {
    let ids: Vec<Uuid> = sightings.iter().map(|sighting| sighting.id).collect();
    let times: Vec<DateTime<Utc>> = sightings.iter().map(|sighting| sighting.at).collect();
    let remarks: Vec<String> =
        sightings.iter().map(|sighting| sighting.remark.as_deref().unwrap_or_default().to_owned()).collect();
    let rows = sqlx::query!(
        r#"
        with heard as (
            select old.id, old.status as old_status, old.remark as old_remark, s.at,
                coalesce(host.user_id, deployment.user_id) as user_id,
                old.last_heartbeat is null or old.last_heartbeat < host.joined_at as is_first,
                coalesce(
                    nullif(s.remark, ''),
                    case
                        when host.resources is not null and host.engine is null then 'no container engine answers'
                        when host.compose_missing is not null then 'Docker Compose is not installed'
                    end
                ) as remark
            from unnest($1::uuid[], $2::timestamptz[], $3::text[]) as s (id, at, remark)
            join agents old on old.id = s.id
            left join host on host.id = old.host_id
            left join deployment on deployment.deployment_hash = old.channel and old.host_id is null
        ), written as (
            update agents
            set last_heartbeat = greatest(last_heartbeat, heard.at), remark = heard.remark,
                status = case when heard.remark is null then 'online' else 'degraded' end
            from heard
            where agents.id = heard.id
            returning agents.id, agents.channel, agents.host_id, agents.status, agents.remark,
                heard.user_id, heard.is_first or heard.old_status = 'offline' as came_online,
                heard.is_first or agents.status <> heard.old_status
                    or agents.remark is distinct from heard.old_remark as changed
        )
        select id, channel, host_id, status, remark, came_online as "came_online?",
            pg_notify('agents', id::text)::text as "notified", pg_notify('hosts', user_id)::text as "told"
        from written
        where changed
        "#,
        &ids,
        &times,
        &remarks,
    )
    .fetch_all(connection)
    .await
    .context("keeping which agents were heard of")?;
    Ok(rows
        .into_iter()
        .map(|row| StatusChange {
            id: row.id,
            channel: row.channel,
            host_id: row.host_id,
            status: AgentStatus::named(&row.status).unwrap_or_default(),
            remark: row.remark,
            came_online: row.came_online.unwrap_or(false),
        })
        .collect())
}

/// Marks agents without contact since `since`, `limit` at most.
pub async fn mark_offline(
    connection: &mut PgConnection,
    since: DateTime<Utc>,
    limit: i64,
) -> anyhow::Result<Vec<StatusChange>> {
    let rows = sqlx::query!(
        r#"
        with silent as (
            select id from agents where status <> 'offline' and last_heartbeat < $1 limit $2 for update skip locked
        ), written as (
            update agents set status = 'offline', remark = null
            from silent
            where agents.id = silent.id
            returning agents.id, agents.channel, agents.host_id
        )
        select written.id as "id!", channel as "channel!", written.host_id, pg_notify('agents', written.id::text)::text as "notified",
            pg_notify('hosts', coalesce(host.user_id, deployment.user_id))::text as "told"
        from written
        left join host on host.id = written.host_id
        left join deployment on deployment.deployment_hash = written.channel and written.host_id is null
        "#,
        since,
        limit,
    )
    .fetch_all(connection)
    .await
    .context("looking for agents that went silent")?;
    Ok(rows
        .into_iter()
        .map(|row| StatusChange {
            id: row.id,
            channel: row.channel,
            host_id: row.host_id,
            status: AgentStatus::Offline,
            remark: None,
            came_online: false,
        })
        .collect())
}

/// The live deployments of the changed agents, each with the agent's index in `changes`.
pub async fn deployments_of(
    connection: &mut PgConnection,
    changes: &[StatusChange],
) -> anyhow::Result<Vec<(usize, String)>> {
    let channels: Vec<String> = changes.iter().map(|change| change.channel.clone()).collect();
    let hosts: Vec<Uuid> = changes.iter().map(|change| change.host_id.unwrap_or_default()).collect();
    let rows = sqlx::query!(
        r#"
        with changed as (
            select channel, host_id, number
            from unnest($1::text[], $2::uuid[]) with ordinality as given (channel, host_id, number)
        )
        select number as "number!", deployment_hash as "deployment_hash!"
        from changed
        join deployment on deployment.deployment_hash = changed.channel
        where deployment.host_id is null and not deleted and status <> 'removed'
        union all
        select number, deployment_hash
        from changed
        join deployment on deployment.host_id = changed.host_id
        where not deleted and status <> 'removed'
        "#,
        &channels,
        &hosts,
    )
    .fetch_all(connection)
    .await
    .context("looking up the deployments of agents")?;
    let index = |number: i64| usize::try_from(number - 1).unwrap_or_default();
    Ok(rows.into_iter().map(|row| (index(row.number), row.deployment_hash)).collect())
}
