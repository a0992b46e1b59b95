//! Table `session`.

use std::net::IpAddr;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{
    access::{Caller, Role},
    api::{BrowserSession, KnownRole, RoleSource},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    crypto::{SealedColumn, TokenHash},
    db::Pool,
};

pub struct NewSession<'a> {
    pub id: Uuid,
    pub token: &'a TokenHash,
    pub caller: &'a Caller,
    pub user_agent: Option<&'a str>,
    pub address: Option<IpAddr>,
    /// Sealed.
    pub provider_tokens: Option<&'a [u8]>,
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// A session, looked up by its cookie.
pub struct FoundSession {
    pub id: Uuid,
    pub caller: Caller,
    pub at_provider: Option<AtProvider>,
}

/// The provider's part of a session that began at a sign-in provider.
pub struct AtProvider {
    /// Sealed.
    pub tokens: Vec<u8>,
    pub checked_at: DateTime<Utc>,
    pub confirmed_at: DateTime<Utc>,
}

/// The place that the provider tokens of a session are sealed for.
pub fn provider_tokens_place(id: &str) -> SealedColumn<'_> {
    SealedColumn { table: "session", column: "provider_tokens", row: id }
}

/// Also deletes expired rows, so that the table stays small without a job.
pub async fn insert(connection: &mut PgConnection, new: NewSession<'_>) -> anyhow::Result<()> {
    let confirmed_at = new.provider_tokens.map(|_| new.now);
    sqlx::query!(
        r#"
        with swept as (delete from session where expires_at <= $9)
        insert into session (
            token_hash, id, user_id, role, name, email, user_agent, ip_address, created_at, expires_at, provider_tokens,
            checked_at, confirmed_at
        )
        values ($1, $2, $3, $4, $5, $6, $7, $8::text::inet, $9, $10, $11, $12, $12)
        "#,
        new.token.as_slice(),
        new.id,
        new.caller.user_id,
        new.caller.role.as_str(),
        new.caller.name,
        new.caller.email,
        new.user_agent,
        new.address.map(|address| address.to_string()),
        new.now,
        new.expires_at,
        new.provider_tokens,
        confirmed_at,
    )
    .execute(connection)
    .await
    .context("keeping a session")?;
    Ok(())
}

pub async fn find(
    pool: &Pool,
    token: &TokenHash,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<FoundSession>> {
    let row = sqlx::query!(
        r#"
        select id, user_id, role, name, email, provider_tokens, checked_at, confirmed_at
        from session
        where token_hash = $1 and expires_at > $2
        "#,
        token.as_slice(),
        now,
    )
    .fetch_optional(pool)
    .await
    .context("looking up a session")?;
    Ok(row.map(|row| FoundSession {
        id: row.id,
        caller: Caller::new(row.user_id, Role::named(&row.role), row.name, row.email),
        at_provider: row
            .provider_tokens
            .zip(row.checked_at.zip(row.confirmed_at))
            .map(|(tokens, (checked_at, confirmed_at))| AtProvider { tokens, checked_at, confirmed_at }),
    }))
}

/// Of many simultaneous requests, on any server, only one gets to ask the provider again.
pub async fn claim_check(
    pool: &Pool,
    id: Uuid,
    checked_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> anyhow::Result<bool> {
    let claimed = sqlx::query!(
        "update session set checked_at = $3 where id = $1 and checked_at = $2",
        id,
        checked_at,
        now,
    )
    .execute(pool)
    .await
    .context("claiming to check a session")?;
    Ok(claimed.rows_affected() > 0)
}

/// The provider confirmed the session, perhaps with a changed role, name or address.
pub async fn confirm(
    pool: &Pool,
    id: Uuid,
    caller: &Caller,
    provider_tokens: &[u8],
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        update session
        set role = $2, name = $3, email = $4, provider_tokens = $5, confirmed_at = $6
        where id = $1
        "#,
        id,
        caller.role.as_str(),
        caller.name,
        caller.email,
        provider_tokens,
        now,
    )
    .execute(pool)
    .await
    .context("keeping what the provider confirmed")?;
    Ok(())
}

/// Returns the session's id and user; `None` if there was no such session.
pub async fn delete(
    connection: &mut PgConnection,
    token: &TokenHash,
) -> anyhow::Result<Option<(Uuid, String)>> {
    let deleted =
        sqlx::query!("delete from session where token_hash = $1 returning id, user_id", token.as_slice())
            .fetch_optional(connection)
            .await
            .context("ending a session")?;
    Ok(deleted.map(|row| (row.id, row.user_id)))
}

/// Newest first. `current`: the session that asks.
pub async fn list(
    pool: &Pool,
    user_id: &str,
    current: &TokenHash,
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<BrowserSession>> {
    let rows = sqlx::query!(
        r#"
        select id, user_agent, host(ip_address) as address, created_at, expires_at, token_hash = $2 as "is_current!"
        from session
        where user_id = $1 and expires_at > $3
        order by created_at desc, id
        limit 100
        "#,
        user_id,
        current.as_slice(),
        now,
    )
    .fetch_all(pool)
    .await
    .context("listing sessions")?;
    Ok(rows
        .into_iter()
        .map(|row| BrowserSession {
            id: row.id,
            user_agent: row.user_agent,
            address: row.address,
            created_at: row.created_at,
            expires_at: row.expires_at,
            is_current: row.is_current,
        })
        .collect())
}

/// The role of the session that this user began last.
pub async fn latest_role(
    pool: &Pool,
    user_id: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<KnownRole>> {
    let row = sqlx::query!(
        r#"
        select role, created_at
        from session
        where user_id = $1 and expires_at > $2
        order by created_at desc
        limit 1
        "#,
        user_id,
        now,
    )
    .fetch_optional(pool)
    .await
    .context("looking for the role of a user in their sessions")?;
    Ok(row.map(|row| KnownRole { role: row.role, from: RoleSource::Session, since: row.created_at }))
}

/// Returns whether the session existed.
pub async fn delete_of_user(connection: &mut PgConnection, user_id: &str, id: Uuid) -> anyhow::Result<bool> {
    let deleted = sqlx::query!("delete from session where user_id = $1 and id = $2", user_id, id)
        .execute(connection)
        .await
        .context("ending a session of a user")?;
    Ok(deleted.rows_affected() > 0)
}

/// Returns the number of deleted sessions.
pub async fn delete_all_of_user(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<u64> {
    let deleted = sqlx::query!("delete from session where user_id = $1", user_id)
        .execute(connection)
        .await
        .context("ending all sessions of a user")?;
    Ok(deleted.rows_affected())
}
