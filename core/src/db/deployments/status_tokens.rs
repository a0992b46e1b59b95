//! Table `status_token`: tokens with which a page of another origin follows one deployment.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{api::DeploymentProgress, deploy::DeploymentStatus};
use sqlx::PgConnection;

use crate::{crypto::TokenHash, db::Pool};

/// Also deletes expired rows, so that the table stays small without a job.
pub async fn insert(
    connection: &mut PgConnection,
    token: &TokenHash,
    deployment_id: i32,
    user_id: &str,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with swept as (delete from status_token where expires_at <= $4)
        insert into status_token (token_hash, deployment_id, user_id, created_at, expires_at)
        values ($1, $2, $3, $4, $5)
        "#,
        token.as_slice(),
        deployment_id,
        user_id,
        now,
        expires_at,
    )
    .execute(connection)
    .await
    .context("storing a status token")?;
    Ok(())
}

/// Revokes all tokens of a user for a deployment, and wakes the streams that use them.
pub async fn delete_all(connection: &mut PgConnection, hash: &str, user_id: &str) -> anyhow::Result<u64> {
    let deleted = sqlx::query!(
        r#"
        delete from status_token
        where user_id = $2 and deployment_id = (select id from deployment where deployment_hash = $1)
        "#,
        hash,
        user_id,
    )
    .execute(&mut *connection)
    .await
    .context("revoking status tokens")?;
    sqlx::query!("select pg_notify('deployments', $1)", hash)
        .execute(connection)
        .await
        .context("waking the streams of revoked status tokens")?;
    Ok(deleted.rows_affected())
}

/// Who asked for a valid token of this deployment, and until when it is valid.
pub async fn find(
    pool: &Pool,
    token: &TokenHash,
    hash: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<(String, DateTime<Utc>)>> {
    let row = sqlx::query!(
        r#"
        select t.user_id, t.expires_at
        from status_token t
        join deployment d on d.id = t.deployment_id
        join deployment_access access on access.deployment_id = d.id and access.user_id = t.user_id
        where t.token_hash = $1 and d.deployment_hash = $2 and t.expires_at > $3 and not d.deleted
        "#,
        token.as_slice(),
        hash,
        now,
    )
    .fetch_optional(pool)
    .await
    .context("looking up a status token")?;
    Ok(row.map(|row| (row.user_id, row.expires_at)))
}

/// What a valid token shows of its deployment. `None`: it has expired, was revoked, or its user has lost access.
pub async fn progress(
    pool: &Pool,
    token: &TokenHash,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<DeploymentProgress>> {
    let row = sqlx::query!(
        r#"
        select d.deployment_hash, d.status, d.progress, d.status_message, d.updated_at, s.srv_ip as "srv_ip?"
        from status_token t
        join deployment d on d.id = t.deployment_id
        join deployment_access access on access.deployment_id = d.id and access.user_id = t.user_id
        left join server s on s.id = d.server_id
        where t.token_hash = $1 and t.expires_at > $2 and not d.deleted
        "#,
        token.as_slice(),
        now,
    )
    .fetch_optional(pool)
    .await
    .context("reading what a status token shows")?;
    row.map(|row| {
        Ok(DeploymentProgress {
            deployment_hash: row.deployment_hash,
            status: DeploymentStatus::named(&row.status).context("an unknown status of a deployment")?,
            progress: row.progress.and_then(|percent| u8::try_from(percent).ok()),
            message: row.status_message,
            srv_ip: row.srv_ip,
            updated_at: row.updated_at,
        })
    })
    .transpose()
}
