//! Table `login_link`.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{crypto::TokenHash, db::Pool};

/// Also deletes expired rows, so that the table stays small without a job.
pub async fn insert(
    connection: &mut PgConnection,
    code: &TokenHash,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with swept as (delete from login_link where expires_at <= $2)
        insert into login_link (code_hash, created_at, expires_at)
        values ($1, $2, $3)
        "#,
        code.as_slice(),
        now,
        expires_at,
    )
    .execute(connection)
    .await
    .context("keeping a one-time link")?;
    Ok(())
}

/// True for exactly one caller, even if several use the same code at once.
pub async fn delete_valid(pool: &Pool, code: &TokenHash, now: DateTime<Utc>) -> anyhow::Result<bool> {
    let used = sqlx::query_scalar!(
        r#"
        delete from login_link
        where code_hash = $1 and expires_at > $2
        returning true as "used!"
        "#,
        code.as_slice(),
        now,
    )
    .fetch_optional(pool)
    .await
    .context("using up a one-time link")?;
    Ok(used.is_some())
}
