//! Table `session`.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::access::{Caller, Role};
use sqlx::PgPool;

use crate::crypto::TokenHash;

/// Sweeps what is too old on the way, so that the table stays small without a job.
pub async fn insert(
    pool: &PgPool,
    token: &TokenHash,
    caller: &Caller,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with swept as (delete from session where expires_at <= $6)
        insert into session (token_hash, user_id, role, name, email, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        "#,
        token.as_slice(),
        caller.user_id,
        caller.role.as_str(),
        caller.name,
        caller.email,
        now,
        expires_at,
    )
    .execute(pool)
    .await
    .context("keeping a session")?;
    Ok(())
}

struct Row {
    user_id: String,
    role: String,
    name: String,
    email: Option<String>,
}

impl From<Row> for Caller {
    fn from(row: Row) -> Self {
        Self::new(row.user_id, Role::named(&row.role), row.name, row.email)
    }
}

pub async fn find(pool: &PgPool, token: &TokenHash, now: DateTime<Utc>) -> anyhow::Result<Option<Caller>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select user_id, role, name, email
        from session
        where token_hash = $1 and expires_at > $2
        "#,
        token.as_slice(),
        now,
    )
    .fetch_optional(pool)
    .await
    .context("looking up a session")?;
    Ok(row.map(Caller::from))
}

pub async fn delete(pool: &PgPool, token: &TokenHash) -> anyhow::Result<()> {
    sqlx::query!("delete from session where token_hash = $1", token.as_slice())
        .execute(pool)
        .await
        .context("ending a session")?;
    Ok(())
}
