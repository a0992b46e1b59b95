//! Table `audit_log`: who did what.

use std::net::IpAddr;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::audit::{AuditFilter, AuditLine, AuditOutcome};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db::Pool;

/// One line. `details` is an object that never holds secrets.
#[derive(Debug)]
pub struct AuditEntry<'a> {
    pub id: Uuid,
    /// One of [`domain::audit::ACTIONS`].
    pub action: &'a str,
    pub outcome: AuditOutcome,
    pub agent_id: Option<Uuid>,
    pub user_id: Option<&'a str>,
    /// The API client that acted for the user.
    pub client_id: Option<i32>,
    /// The owner of the object. `None`: the owner of the deployment or of the agent's host, if there is one.
    pub owner_id: Option<&'a str>,
    pub deployment_hash: Option<&'a str>,
    pub details: Value,
    pub address: Option<IpAddr>,
    pub now: DateTime<Utc>,
}

pub async fn record(connection: &mut PgConnection, entry: AuditEntry<'_>) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        insert into audit_log
            (id, agent_id, deployment_hash, user_id, client_id, owner_id, action, status, details, ip_address, created_at)
        values (
            $1, $2, $3::varchar, $4, $5,
            coalesce(
                $6,
                (select user_id from deployment where deployment_hash = $3::varchar),
                (select h.user_id from agents a join host h on h.id = a.host_id where a.id = $2)
            ),
            $7, $8, $9, $10::text::inet, $11
        )
        "#,
        entry.id,
        entry.agent_id,
        entry.deployment_hash,
        entry.user_id,
        entry.client_id,
        entry.owner_id,
        entry.action,
        entry.outcome.as_str(),
        entry.details,
        entry.address.map(|address| address.to_string()),
        entry.now,
    )
    .execute(connection)
    .await
    .context("writing to the audit log")?;
    Ok(())
}

/// Newest first. `sees`: only lines about what this user did or owns; `None`: all lines. `after`: only lines older than this one.
///
/// Each case is a branch of its own, so that PostgreSQL reads it from its own index in order and stops at the limit.
pub async fn list(
    pool: &Pool,
    sees: Option<&str>,
    filter: &AuditFilter,
    after: Option<i64>,
    limit: i64,
) -> anyhow::Result<Vec<AuditLine>> {
    let rows = sqlx::query!(
        r#"
        select number as "number!", created_at as "created_at!", user_id, client_id, agent_id,
            host(ip_address) as address, action as "action!", status, owner_id, deployment_hash,
            details as "details!"
        from (
            select * from audit_log where $1::text is null
            union all
            select * from audit_log where user_id = $1
            union all
            select * from audit_log where owner_id = $1 and user_id is distinct from $1
        ) line
        where ($2::bigint is null or number < $2)
            and ($3::text is null or user_id = $3)
            and ($4::text is null or action = $4 or starts_with(action, $4 || '.'))
            and ($5::text is null or status = $5)
            and ($6::timestamptz is null or created_at >= $6)
            and ($7::timestamptz is null or created_at < $7)
            and (
                $8::text is null
                or position(lower($8) in lower(concat_ws(
                    ' ', action, user_id, agent_id, host(ip_address), deployment_hash, details::text
                ))) > 0
            )
        order by number desc
        limit $9
        "#,
        sees,
        after,
        filter.user,
        filter.action,
        filter.outcome.map(AuditOutcome::as_str),
        filter.from,
        filter.to,
        filter.text,
        limit,
    )
    .fetch_all(pool)
    .await
    .context("reading the audit log")?;
    Ok(rows
        .into_iter()
        .map(|row| AuditLine {
            id: row.number,
            at: row.created_at,
            user_id: row.user_id,
            client_id: row.client_id,
            agent_id: row.agent_id,
            address: row.address,
            action: row.action,
            // Old lines that the database itself wrote have no outcome.
            outcome: row.status.as_deref().and_then(AuditOutcome::named).unwrap_or(AuditOutcome::Success),
            owner_id: row.owner_id,
            deployment_hash: row.deployment_hash,
            details: row.details,
        })
        .collect())
}

pub async fn delete_before(pool: &Pool, before: DateTime<Utc>) -> anyhow::Result<()> {
    sqlx::query!("delete from audit_log where created_at < $1", before)
        .execute(pool)
        .await
        .context("deleting old lines of the audit log")?;
    Ok(())
}
