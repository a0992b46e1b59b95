//! Table `access_token`.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::access::{Caller, Role};
use sqlx::PgPool;
use uuid::Uuid;

use crate::crypto::TokenHash;

pub struct NewAccessToken<'a> {
    pub id: Uuid,
    pub hash: TokenHash,
    pub label: &'a str,
    pub owner: &'a Caller,
    pub created_at: DateTime<Utc>,
}

pub async fn insert(pool: &PgPool, token: NewAccessToken<'_>) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        insert into access_token (id, token_hash, label, user_id, role, user_name, email, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        "#,
        token.id,
        token.hash.as_slice(),
        token.label,
        token.owner.user_id,
        token.owner.role.as_str(),
        token.owner.name,
        token.owner.email,
        token.created_at,
    )
    .execute(pool)
    .await
    .context("keeping an access token")?;
    Ok(())
}

struct Row {
    user_id: String,
    role: String,
    user_name: String,
    email: Option<String>,
}

impl From<Row> for Caller {
    fn from(row: Row) -> Self {
        Self { user_id: row.user_id, role: Role::named(&row.role), name: row.user_name, email: row.email }
    }
}

pub async fn find(pool: &PgPool, hash: &TokenHash) -> anyhow::Result<Option<Caller>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select user_id, role, user_name, email
        from access_token
        where token_hash = $1
        "#,
        hash.as_slice(),
    )
    .fetch_optional(pool)
    .await
    .context("looking up an access token")?;
    Ok(row.map(Caller::from))
}
