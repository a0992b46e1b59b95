//! Table `client`.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{
    access::Scope,
    api::{ApiClient, KnownApiClient},
};
use sqlx::PgConnection;

use crate::db::Pool;

pub struct NewClient<'a> {
    pub id: i32,
    pub user_id: &'a str,
    pub user_name: &'a str,
    pub user_email: Option<&'a str>,
    /// Sealed.
    pub secret: &'a [u8],
    pub name: Option<&'a str>,
    pub email: Option<&'a str>,
    pub callback_url: Option<&'a str>,
    pub parent_id: Option<i32>,
    pub scope: Scope,
    pub is_hardened: bool,
    pub expires_at: Option<DateTime<Utc>>,
    pub now: DateTime<Utc>,
}

/// The data that a signature is checked with.
pub struct Signer {
    pub user_id: String,
    pub user_name: String,
    pub user_email: Option<String>,
    pub scope: Scope,
    /// Sealed; `None` while the client is disabled.
    pub secret: Option<Vec<u8>>,
    pub is_hardened: bool,
    pub expires_at: Option<DateTime<Utc>>,
}

struct Row {
    id: i32,
    user_id: String,
    enabled: bool,
    name: Option<String>,
    email: Option<String>,
    callback_url: Option<String>,
    parent_id: Option<i32>,
    scope: String,
    is_hardened: bool,
    expires_at: Option<DateTime<Utc>>,
    last_used_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Row> for ApiClient {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            user_id: row.user_id,
            secret: None,
            enabled: row.enabled,
            name: row.name,
            email: row.email,
            callback_url: row.callback_url,
            parent_id: row.parent_id,
            scope: scope(&row.scope),
            hardened: row.is_hardened,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// An unknown scope counts as the smallest one.
fn scope(word: &str) -> Scope {
    Scope::named(word).unwrap_or(Scope::Read)
}

/// Until the transaction ends, no other client is created for this owner.
pub async fn lock_owner(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('client of ' || $1, 0))", user_id)
        .execute(connection)
        .await
        .context("locking the API clients of an owner")?;
    Ok(())
}

pub async fn count(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from client where user_id = $1"#, user_id)
        .fetch_one(connection)
        .await
        .context("counting API clients")
}

/// The id is drawn before the row is inserted, because the secret is sealed for this id.
pub async fn next_id(connection: &mut PgConnection) -> anyhow::Result<i32> {
    sqlx::query_scalar!(r#"select nextval(pg_get_serial_sequence('client', 'id'))::integer as "id!""#)
        .fetch_one(connection)
        .await
        .context("taking an id for an API client")
}

pub async fn insert(connection: &mut PgConnection, client: NewClient<'_>) -> anyhow::Result<ApiClient> {
    let row = sqlx::query_as!(
        Row,
        r#"
        insert into client
            (id, user_id, user_name, user_email, secret, name, email, callback_url, parent_id, scope, is_hardened,
            expires_at, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
        returning id, user_id, secret is not null as "enabled!", name, email, callback_url, parent_id, scope,
            is_hardened, expires_at, last_used_at, created_at, updated_at
        "#,
        client.id,
        client.user_id,
        client.user_name,
        client.user_email,
        client.secret,
        client.name,
        client.email,
        client.callback_url,
        client.parent_id,
        client.scope.as_str(),
        client.is_hardened,
        client.expires_at,
        client.now,
    )
    .fetch_one(connection)
    .await
    .context("keeping an API client")?;
    Ok(row.into())
}

/// The clients of one owner, oldest first.
pub async fn list(pool: &Pool, user_id: &str) -> anyhow::Result<Vec<ApiClient>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select id, user_id, secret is not null as "enabled!", name, email, callback_url, parent_id, scope,
            is_hardened, expires_at, last_used_at, created_at, updated_at
        from client
        where user_id = $1
        order by id
        limit 1000
        "#,
        user_id,
    )
    .fetch_all(pool)
    .await
    .context("listing API clients")?;
    Ok(rows.into_iter().map(ApiClient::from).collect())
}

/// Locks the row until the transaction ends. `user_id`: the required owner; `None`: any owner.
pub async fn find_locked(
    connection: &mut PgConnection,
    id: i32,
    user_id: Option<&str>,
) -> anyhow::Result<Option<ApiClient>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select id, user_id, secret is not null as "enabled!", name, email, callback_url, parent_id, scope,
            is_hardened, expires_at, last_used_at, created_at, updated_at
        from client
        where id = $1 and ($2::text is null or user_id = $2)
        for update
        "#,
        id,
        user_id,
    )
    .fetch_optional(connection)
    .await
    .context("looking up an API client")?;
    Ok(row.map(ApiClient::from))
}

/// `None` disables the client.
pub async fn set_secret(
    connection: &mut PgConnection,
    id: i32,
    secret: Option<&[u8]>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!("update client set secret = $2, updated_at = $3 where id = $1", id, secret, now)
        .execute(connection)
        .await
        .context("changing the secret of an API client")?;
    Ok(())
}

pub async fn delete(connection: &mut PgConnection, id: i32) -> anyhow::Result<()> {
    sqlx::query!("delete from client where id = $1", id)
        .execute(connection)
        .await
        .context("deleting an API client")?;
    Ok(())
}

pub async fn signer(pool: &Pool, id: i32) -> anyhow::Result<Option<Signer>> {
    let row = sqlx::query!(
        r#"
        select user_id, user_name, user_email, scope, secret, is_hardened, expires_at
        from client
        where id = $1
        "#,
        id,
    )
    .fetch_optional(pool)
    .await
    .context("looking up who signed")?;
    Ok(row.map(|row| Signer {
        user_id: row.user_id,
        user_name: row.user_name,
        user_email: row.user_email,
        scope: scope(&row.scope),
        secret: row.secret,
        is_hardened: row.is_hardened,
        expires_at: row.expires_at,
    }))
}

pub async fn set_used(pool: &Pool, id: i32, now: DateTime<Utc>) -> anyhow::Result<()> {
    sqlx::query!("update client set last_used_at = $2 where id = $1", id, now)
        .execute(pool)
        .await
        .context("noting the use of an API client")?;
    Ok(())
}

/// A client of any owner, for operators.
pub async fn known(pool: &Pool, id: i32) -> anyhow::Result<Option<KnownApiClient>> {
    let row = sqlx::query!(
        r#"select id, user_id, name, scope, secret is not null as "enabled!" from client where id = $1"#,
        id,
    )
    .fetch_optional(pool)
    .await
    .context("looking up an API client")?;
    Ok(row.map(|row| KnownApiClient {
        id: row.id,
        user_id: row.user_id,
        name: row.name,
        scope: scope(&row.scope),
        enabled: row.enabled,
    }))
}

/// The clients of a user, for operators.
pub async fn known_of_user(pool: &Pool, user_id: &str, limit: i64) -> anyhow::Result<Vec<KnownApiClient>> {
    let rows = sqlx::query!(
        r#"
        select id, user_id, name, scope, secret is not null as "enabled!"
        from client
        where user_id = $1
        order by id
        limit $2
        "#,
        user_id,
        limit,
    )
    .fetch_all(pool)
    .await
    .context("listing the API clients of a user")?;
    let clients = rows.into_iter().map(|row| KnownApiClient {
        id: row.id,
        user_id: row.user_id,
        name: row.name,
        scope: scope(&row.scope),
        enabled: row.enabled,
    });
    Ok(clients.collect())
}
