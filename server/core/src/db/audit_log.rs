//! Table `audit_log`: who did what.

use std::net::IpAddr;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditStatus {
    Success,
    Refused,
}

/// One line. `details` never holds secrets.
#[derive(Debug)]
pub struct AuditEntry<'a> {
    pub id: Uuid,
    /// `agent.registered`, `command.enqueued`, …
    pub action: &'a str,
    pub status: AuditStatus,
    pub agent_id: Option<Uuid>,
    pub user_id: Option<&'a str>,
    pub deployment_hash: Option<&'a str>,
    pub details: Value,
    pub address: Option<IpAddr>,
    pub now: DateTime<Utc>,
}

pub async fn record(connection: &mut PgConnection, entry: AuditEntry<'_>) -> anyhow::Result<()> {
    let status = match entry.status {
        AuditStatus::Success => "success",
        AuditStatus::Refused => "refused",
    };
    sqlx::query!(
        r#"
        insert into audit_log (id, agent_id, deployment_hash, user_id, action, status, details, ip_address, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8::text::inet, $9)
        "#,
        entry.id,
        entry.agent_id,
        entry.deployment_hash,
        entry.user_id,
        entry.action,
        status,
        entry.details,
        entry.address.map(|address| address.to_string()),
        entry.now,
    )
    .execute(connection)
    .await
    .context("writing to the audit log")?;
    Ok(())
}

pub async fn delete_before(pool: &PgPool, before: DateTime<Utc>) -> anyhow::Result<()> {
    sqlx::query!("delete from audit_log where created_at < $1", before)
        .execute(pool)
        .await
        .context("deleting old lines of the audit log")?;
    Ok(())
}
