//! Tables `callback_subscription` and `callback_delivery`: where the server reports what happens, and what it reports.
//!
//! - this file: subscriptions
//! - [`events`]: writes deliveries, in the transaction of what happened
//! - [`deliveries`]: sends them and keeps the log

pub(crate) mod deliveries;
pub(crate) mod events;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::callback::CallbackEvent;
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::{crypto::SealedColumn, db::Pool};

/// A subscription as it is stored.
#[derive(Clone, Debug)]
pub struct StoredSubscription {
    pub id: Uuid,
    pub user_id: String,
    pub project_id: Option<i32>,
    /// Read only.
    pub project_name: Option<String>,
    pub client_id: Option<i32>,
    pub url: String,
    pub events: Vec<CallbackEvent>,
    pub secret_sealed: Option<Vec<u8>>,
    /// The secret before the last rotation, and until when it signs.
    pub previous_secret: Option<(Vec<u8>, DateTime<Utc>)>,
    pub enabled: bool,
    pub disabled_reason: Option<String>,
    pub failing_since: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

struct Row {
    id: Uuid,
    user_id: String,
    project_id: Option<i32>,
    project_name: Option<String>,
    client_id: Option<i32>,
    url: String,
    events: Vec<String>,
    secret_sealed: Option<Vec<u8>>,
    previous_secret_sealed: Option<Vec<u8>>,
    previous_until: Option<DateTime<Utc>>,
    enabled: bool,
    disabled_reason: Option<String>,
    failing_since: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Row> for StoredSubscription {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            user_id: row.user_id,
            project_id: row.project_id,
            project_name: row.project_name,
            client_id: row.client_id,
            url: row.url,
            // A name that an earlier version knew is left out.
            events: row.events.iter().filter_map(|name| CallbackEvent::named(name)).collect(),
            secret_sealed: row.secret_sealed,
            previous_secret: row.previous_secret_sealed.zip(row.previous_until),
            enabled: row.enabled,
            disabled_reason: row.disabled_reason,
            failing_since: row.failing_since,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// Where the secret of a subscription is sealed.
pub fn secret_place(id: &str) -> SealedColumn<'_> {
    SealedColumn { table: "callback_subscription", column: "secret_sealed", row: id }
}

/// Where the secret before the last rotation is sealed.
pub fn previous_secret_place(id: &str) -> SealedColumn<'_> {
    SealedColumn { table: "callback_subscription", column: "previous_secret_sealed", row: id }
}

/// Until the transaction ends, no other subscription is added for this owner, so counts hold.
pub async fn lock_owner(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('callbacks of ' || $1, 0))", user_id)
        .execute(connection)
        .await
        .context("locking the callbacks of an owner")?;
    Ok(())
}

/// Subscriptions of API clients do not count: clients have a limit of their own.
pub async fn count(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from callback_subscription where user_id = $1 and client_id is null"#,
        user_id
    )
    .fetch_one(connection)
    .await
    .context("counting callbacks")
}

/// Inserts a subscription, or replaces everything of it that can change.
pub async fn write(connection: &mut PgConnection, subscription: &StoredSubscription) -> anyhow::Result<()> {
    let events: Vec<String> = subscription.events.iter().map(|event| event.as_str().to_owned()).collect();
    let (previous, until) = subscription.previous_secret.clone().unzip();
    sqlx::query!(
        r#"
        insert into callback_subscription
            (id, user_id, project_id, client_id, url, events, secret_sealed, previous_secret_sealed, previous_until, enabled,
            disabled_reason, failing_since, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        on conflict (id) do update
        set url = excluded.url, events = excluded.events, secret_sealed = excluded.secret_sealed,
            previous_secret_sealed = excluded.previous_secret_sealed, previous_until = excluded.previous_until,
            enabled = excluded.enabled, disabled_reason = excluded.disabled_reason,
            failing_since = excluded.failing_since, updated_at = excluded.updated_at
        "#,
        subscription.id,
        subscription.user_id,
        subscription.project_id,
        subscription.client_id,
        subscription.url,
        &events,
        subscription.secret_sealed,
        previous,
        until,
        subscription.enabled,
        subscription.disabled_reason,
        subscription.failing_since,
        subscription.created_at,
        subscription.updated_at,
    )
    .execute(connection)
    .await
    .context("storing a callback")?;
    Ok(())
}

/// The subscriptions of one owner, oldest first. Their number has a limit.
pub async fn list(pool: &Pool, user_id: &str) -> anyhow::Result<Vec<StoredSubscription>> {
    select(pool, user_id, None).await.context("listing callbacks")
}

/// A subscription of this owner.
pub async fn find(
    executor: impl PgExecutor<'_>,
    id: Uuid,
    user_id: &str,
) -> anyhow::Result<Option<StoredSubscription>> {
    Ok(select(executor, user_id, Some(id)).await.context("looking up a callback")?.pop())
}

/// A subscription of this owner. Its row is locked until the transaction ends.
pub async fn find_locked(
    connection: &mut PgConnection,
    id: Uuid,
    user_id: &str,
) -> anyhow::Result<Option<StoredSubscription>> {
    sqlx::query!(
        "select id from callback_subscription where id = $1 and user_id = $2 for update",
        id,
        user_id
    )
    .fetch_optional(&mut *connection)
    .await
    .context("locking a callback")?;
    find(connection, id, user_id).await
}

async fn select(
    executor: impl PgExecutor<'_>,
    user_id: &str,
    id: Option<Uuid>,
) -> sqlx::Result<Vec<StoredSubscription>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select s.id, s.user_id, s.project_id, p.name as "project_name?", s.client_id, s.url, s.events, s.secret_sealed,
            s.previous_secret_sealed, s.previous_until, s.enabled, s.disabled_reason, s.failing_since, s.created_at,
            s.updated_at
        from callback_subscription s
        left join project p on p.id = s.project_id
        where s.user_id = $1 and ($2::uuid is null or s.id = $2)
        order by s.created_at, s.id
        limit 1000
        "#,
        user_id,
        id,
    )
    .fetch_all(executor)
    .await?;
    Ok(rows.into_iter().map(StoredSubscription::from).collect())
}

/// The name of a project of this owner, which is not deleted until the transaction ends. `None`: the user has no such project.
pub async fn keep_project(
    connection: &mut PgConnection,
    project_id: i32,
    user_id: &str,
) -> anyhow::Result<Option<String>> {
    sqlx::query_scalar!(
        "select name from project where id = $1 and user_id = $2 for share",
        project_id,
        user_id
    )
    .fetch_optional(connection)
    .await
    .context("looking up the project of a callback")
}

pub async fn delete(connection: &mut PgConnection, id: Uuid) -> anyhow::Result<()> {
    sqlx::query!("delete from callback_subscription where id = $1", id)
        .execute(connection)
        .await
        .context("deleting a callback")?;
    Ok(())
}
