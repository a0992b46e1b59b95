//! Machines that the install service set up, with the agent that registered there.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::api::{CloudMachine, HostStage};

use super::agent_status;
use crate::db::Pool;

struct Row {
    deployment_hash: String,
    project_name: String,
    provider: String,
    name: Option<String>,
    srv_ip: Option<String>,
    registered_at: DateTime<Utc>,
    status: String,
    last_seen_at: Option<DateTime<Utc>>,
    version: Option<String>,
    remark: Option<String>,
}

impl From<Row> for CloudMachine {
    fn from(row: Row) -> Self {
        Self {
            deployment_hash: row.deployment_hash,
            project_name: row.project_name,
            provider: row.provider,
            name: row.name,
            srv_ip: row.srv_ip,
            stage: HostStage::of(Some(row.registered_at), row.last_seen_at),
            status: agent_status(Some(&row.status)),
            last_seen_at: row.last_seen_at,
            version: row.version,
            remark: row.remark,
        }
    }
}

/// The machines of this owner's live deployments on which an agent has registered, in the order of the deployments.
pub async fn machines(pool: &Pool, user_id: &str) -> anyhow::Result<Vec<CloudMachine>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select d.deployment_hash, p.name as project_name, d.provider, s.name as "name?", s.srv_ip as "srv_ip?",
            a.created_at as registered_at, a.status, a.last_heartbeat as last_seen_at, a.version, a.remark
        from deployment d
        join agents a on a.channel = d.deployment_hash and a.host_id is null
        join project p on p.id = d.project_id
        join server s on s.id = d.server_id
        where d.user_id = $1 and not d.deleted and d.status not in ('removed', 'cancelled')
        order by d.id
        limit 1000
        "#,
        user_id,
    )
    .fetch_all(pool)
    .await
    .context("listing machines of deployments to clouds")?;
    Ok(rows.into_iter().map(CloudMachine::from).collect())
}

/// Wakes the pages that show the machine of this deployment, when the transaction commits.
pub async fn announce_machine(
    connection: &mut sqlx::PgConnection,
    deployment_hash: &str,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"select pg_notify('hosts', user_id)::text as "notified" from deployment where deployment_hash = $1"#,
        deployment_hash,
    )
    .fetch_optional(connection)
    .await
    .context("telling that the machine of a deployment has changed")?;
    Ok(())
}
