//! Table `access_token`.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{
    access::{Caller, Role, Scope},
    api::{AccessToken, KnownRole, RoleSource},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{crypto::TokenHash, db::Pool};

pub struct NewAccessToken<'a> {
    pub id: Uuid,
    pub hash: TokenHash,
    pub label: &'a str,
    pub owner: &'a Caller,
    pub scope: Scope,
    pub expires_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// The owner and scope of a bearer token.
#[derive(Clone, Debug)]
pub struct Bearer {
    pub id: Uuid,
    pub caller: Caller,
    pub expires_at: Option<DateTime<Utc>>,
}

/// Until the transaction ends, no other token is created for this owner.
pub async fn lock_owner(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('access token of ' || $1, 0))", user_id)
        .execute(connection)
        .await
        .context("locking the access tokens of an owner")?;
    Ok(())
}

pub async fn count(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from access_token where user_id = $1"#, user_id)
        .fetch_one(connection)
        .await
        .context("counting access tokens")
}

pub async fn insert(connection: &mut PgConnection, token: NewAccessToken<'_>) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        insert into access_token
            (id, token_hash, label, user_id, role, user_name, email, scope, expires_at, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        "#,
        token.id,
        token.hash.as_slice(),
        token.label,
        token.owner.user_id,
        token.owner.role.as_str(),
        token.owner.name,
        token.owner.email,
        token.scope.as_str(),
        token.expires_at,
        token.created_at,
    )
    .execute(connection)
    .await
    .context("keeping an access token")?;
    Ok(())
}

pub async fn find(pool: &Pool, hash: &TokenHash, now: DateTime<Utc>) -> anyhow::Result<Option<Bearer>> {
    let row = sqlx::query!(
        r#"
        select id, user_id, role, user_name, email, scope, expires_at
        from access_token
        where token_hash = $1 and (expires_at is null or expires_at > $2)
        "#,
        hash.as_slice(),
        now,
    )
    .fetch_optional(pool)
    .await
    .context("looking up an access token")?;
    let Some(row) = row else { return Ok(None) };
    let mut caller = Caller::new(row.user_id, Role::named(&row.role), row.user_name, row.email);
    caller.scope = Scope::named(&row.scope).unwrap_or(Scope::Read);
    Ok(Some(Bearer { id: row.id, caller, expires_at: row.expires_at }))
}

/// The tokens of one owner, oldest first.
pub async fn list(pool: &Pool, user_id: &str) -> anyhow::Result<Vec<AccessToken>> {
    let rows = sqlx::query!(
        r#"
        select id, label, scope, expires_at, last_used_at, created_at
        from access_token
        where user_id = $1
        order by created_at, id
        "#,
        user_id,
    )
    .fetch_all(pool)
    .await
    .context("listing access tokens")?;
    let tokens = rows.into_iter().map(|row| AccessToken {
        id: row.id,
        token: None,
        name: row.label,
        scope: Scope::named(&row.scope).unwrap_or(Scope::Read),
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
        created_at: row.created_at,
    });
    Ok(tokens.collect())
}

/// The role stored with the newest token that has not expired.
pub async fn latest_role(
    pool: &Pool,
    user_id: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<KnownRole>> {
    let row = sqlx::query!(
        r#"
        select role, created_at
        from access_token
        where user_id = $1 and (expires_at is null or expires_at > $2)
        order by created_at desc
        limit 1
        "#,
        user_id,
        now,
    )
    .fetch_optional(pool)
    .await
    .context("looking for the role of a user in their tokens")?;
    Ok(row.map(|row| KnownRole { role: row.role, from: RoleSource::Token, since: row.created_at }))
}

/// Returns the token's name; `None` if the owner has no such token. Every server drops what it has cached for the token.
pub async fn delete(
    connection: &mut PgConnection,
    id: Uuid,
    user_id: &str,
) -> anyhow::Result<Option<String>> {
    let label = sqlx::query_scalar!(
        r#"
        with gone as (delete from access_token where id = $1 and user_id = $2 returning id, label),
            told as (select pg_notify('access_tokens', id::text) from gone)
        select gone.label from gone, told
        "#,
        id,
        user_id,
    )
    .fetch_optional(connection)
    .await
    .context("deleting an access token")?;
    Ok(label)
}

pub async fn set_used(pool: &Pool, id: Uuid, now: DateTime<Utc>) -> anyhow::Result<()> {
    sqlx::query!("update access_token set last_used_at = $2 where id = $1", id, now)
        .execute(pool)
        .await
        .context("noting the use of an access token")?;
    Ok(())
}
