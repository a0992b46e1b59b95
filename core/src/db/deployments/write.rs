//! Writes to table `deployment`, always inside a transaction of the use case.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::deploy::{DeploymentStatus, Drift, StackName};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Row, Stored};
use crate::db::storable::storable;

pub struct NewDeployment<'a> {
    pub id: i32,
    pub project_id: i32,
    pub user_id: &'a str,
    pub hash: String,
    pub host_id: Option<Uuid>,
    pub stack: StackName,
    /// The form of the project at the time of the deployment.
    pub metadata: &'a Value,
    pub now: DateTime<Utc>,
}

/// Until the transaction ends, no other deployment is created for this owner, so counts hold.
pub async fn lock_owner(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('deployment of ' || $1, 0))", user_id)
        .execute(connection)
        .await
        .context("locking the deployments of an owner")?;
    Ok(())
}

pub async fn count_live(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<i64> {
    sqlx::query_scalar!(
        r#"
        select count(*) as "count!"
        from deployment
        where user_id = $1 and not deleted and status not in ('removed', 'cancelled')
            and not (status in ('failed', 'error') and running_revision is null)
        "#,
        user_id,
    )
    .fetch_one(connection)
    .await
    .context("counting deployments")
}

/// The id is drawn before the row is inserted, because it is part of the stack's name.
pub async fn next_id(connection: &mut PgConnection) -> anyhow::Result<i32> {
    sqlx::query_scalar!(r#"select nextval(pg_get_serial_sequence('deployment', 'id'))::integer as "id!""#)
        .fetch_one(connection)
        .await
        .context("taking the id of a deployment")
}

/// The column `metadata` is written as text: a value would be converted through jsonb, which loses the order of keys.
pub async fn insert(connection: &mut PgConnection, new: NewDeployment<'_>) -> anyhow::Result<Stored> {
    let row = sqlx::query_as!(
        Row,
        r#"
        insert into deployment (id, project_id, user_id, deployment_hash, host_id, stack, metadata, status, created_at,
            updated_at)
        values ($1, $2, $3, $4, $5, $6, $7::text::json, 'pending', $8, $8)
        returning id, project_id, deployment_hash, host_id, stack, status, running_revision, drift,
            'owner' as "role!"
        "#,
        new.id,
        new.project_id,
        new.user_id,
        new.hash,
        new.host_id,
        new.stack.as_str(),
        new.metadata.to_string(),
        new.now,
    )
    .fetch_one(connection)
    .await
    .context("making a deployment")?;
    row.try_into()
}

pub async fn set_state(
    connection: &mut PgConnection,
    id: i32,
    status: DeploymentStatus,
    running_revision: Option<i32>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        "update deployment set status = $2, running_revision = $3, updated_at = $4 where id = $1",
        id,
        status.as_str(),
        running_revision,
        now,
    )
    .execute(connection)
    .await
    .context("changing the state of a deployment")?;
    Ok(())
}

pub async fn set_drift(connection: &mut PgConnection, id: i32, drift: &[Drift]) -> anyhow::Result<()> {
    sqlx::query!("update deployment set drift = $2 where id = $1", id, storable(&drift)?)
        .execute(connection)
        .await
        .context("noting the drift of a deployment")?;
    Ok(())
}

/// Takes one statement, or none if the list is empty.
pub async fn set_drifts(connection: &mut PgConnection, drifts: &[(i32, Vec<Drift>)]) -> anyhow::Result<()> {
    if drifts.is_empty() {
        return Ok(());
    }
    let ids: Vec<i32> = drifts.iter().map(|(id, _)| *id).collect();
    let values = drifts.iter().map(|(_, drift)| storable(drift)).collect::<anyhow::Result<Vec<_>>>()?;
    sqlx::query!(
        r#"
        update deployment d
        set drift = seen.drift
        from unnest($1::integer[], $2::jsonb[]) as seen (id, drift)
        where d.id = seen.id
        "#,
        &ids,
        &values,
    )
    .execute(connection)
    .await
    .context("noting the drift of deployments")?;
    Ok(())
}

/// A deployment that was neither removed nor cancelled.
pub struct Open {
    pub id: i32,
    pub hash: String,
    /// False if the deployment failed and nothing is running.
    pub is_live: bool,
}

/// The open deployments of a host, locked, in the order of their hashes, because events are written in this order.
pub async fn lock_open_of_host(connection: &mut PgConnection, host_id: Uuid) -> anyhow::Result<Vec<Open>> {
    sqlx::query_as!(
        Open,
        r#"
        select id, deployment_hash as hash,
            not (status in ('failed', 'error') and running_revision is null) as "is_live!"
        from deployment
        where host_id = $1 and not deleted and status not in ('removed', 'cancelled')
        order by deployment_hash
        for update
        "#,
        host_id,
    )
    .fetch_all(connection)
    .await
    .context("locking the deployments of a host")
}

/// The deployments must be locked.
pub async fn cancel(connection: &mut PgConnection, ids: &[i32], now: DateTime<Utc>) -> anyhow::Result<()> {
    sqlx::query!(
        "update deployment set status = 'cancelled', running_revision = null, updated_at = $2 where id = any($1)",
        ids,
        now,
    )
    .execute(connection)
    .await
    .context("cancelling deployments")?;
    Ok(())
}
