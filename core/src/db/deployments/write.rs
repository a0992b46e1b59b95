//! Writes to table `deployment`, always inside a transaction of the use case.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::deploy::{DeploymentStatus, Drift, StackName};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Row, Stored};
use crate::db::{Pool, storable::storable};

pub struct NewDeployment<'a> {
    pub id: i32,
    pub project_id: i32,
    pub user_id: &'a str,
    pub hash: String,
    pub host_id: Option<Uuid>,
    pub stack: StackName,
    /// The form of the project at the time of the deployment.
    pub metadata: &'a Value,
    /// Set while only its plan is looked at: when it is deleted unless the plan was applied.
    pub prepared_until: Option<DateTime<Utc>>,
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
        where user_id = $1 and not deleted and prepared_until is null and status not in ('removed', 'cancelled')
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
            updated_at, prepared_until)
        values ($1, $2, $3, $4, $5, $6, $7::text::json, 'pending', $8, $8, $9)
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
        new.prepared_until,
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

/// The owner of a deployment that is only prepared; `None` for others. The deployment must be locked.
pub async fn owner_of_prepared(connection: &mut PgConnection, id: i32) -> anyhow::Result<Option<String>> {
    sqlx::query_scalar!(
        r#"select user_id as "user_id!" from deployment where id = $1 and prepared_until is not null"#,
        id
    )
    .fetch_optional(connection)
    .await
    .context("asking whether a deployment is only prepared")
}

/// The plan of a prepared deployment is applied: from now on it is a deployment like others. It must be locked.
pub async fn confirm_prepared(connection: &mut PgConnection, id: i32) -> anyhow::Result<()> {
    sqlx::query!("update deployment set prepared_until = null where id = $1", id)
        .execute(connection)
        .await
        .context("keeping a deployment whose plan is applied")?;
    Ok(())
}

/// Deletes a deployment that was only prepared. Returns false if it is more than that. The deployment must be locked.
pub async fn delete_prepared(connection: &mut PgConnection, id: i32) -> anyhow::Result<bool> {
    let deleted = sqlx::query!("delete from deployment where id = $1 and prepared_until is not null", id)
        .execute(connection)
        .await
        .context("deleting a deployment that was only prepared")?;
    Ok(deleted.rows_affected() > 0)
}

/// Deletes all deployments that were only prepared until `now`, with their commands and events.
pub async fn delete_expired_prepared(pool: &Pool, now: DateTime<Utc>) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with expired as (
            delete from deployment where prepared_until <= $1 returning deployment_hash
        ), commands_gone as (
            delete from commands using expired where commands.deployment_hash = expired.deployment_hash
        )
        delete from deployment_event using expired where deployment_event.deployment_hash = expired.deployment_hash
        "#,
        now,
    )
    .execute(pool)
    .await
    .context("deleting deployments that were only prepared")?;
    Ok(())
}

/// Puts an ended deployment away: it is in no list from now on. The deployment must be locked.
pub async fn put_away(connection: &mut PgConnection, id: i32) -> anyhow::Result<()> {
    sqlx::query!("update deployment set deleted = true where id = $1", id)
        .execute(connection)
        .await
        .context("putting a deployment away")?;
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
    /// False if the deployment failed and nothing is running, or if it is only prepared.
    pub is_live: bool,
}

/// The open deployments of a host, locked, in the order of their hashes, because events are written in this order.
pub async fn lock_open_of_host(connection: &mut PgConnection, host_id: Uuid) -> anyhow::Result<Vec<Open>> {
    sqlx::query_as!(
        Open,
        r#"
        select id, deployment_hash as hash,
            prepared_until is null and not (status in ('failed', 'error') and running_revision is null) as "is_live!"
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
