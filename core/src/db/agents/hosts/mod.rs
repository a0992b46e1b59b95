//! Table `host`: machines that run the Stacker agent.

mod listing;
mod machines;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::deploy::{ComposeMissing, EngineMissing};
use serde_json::Value;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

pub use listing::{agent_of_others, find, list};
pub(in crate::db) use listing::{agent_status, words};
pub use machines::{announce_machine, machines};

use crate::db::Pool;

/// The channel that the agent of a host polls.
pub fn channel(id: Uuid) -> String {
    format!("host_{id}")
}

/// Until the transaction ends, no other host is added for this owner, so counts hold.
pub async fn lock_owner(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('host of ' || $1, 0))", user_id)
        .execute(connection)
        .await
        .context("locking the hosts of an owner")?;
    Ok(())
}

pub async fn count(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from host where user_id = $1 and revoked_at is null"#,
        user_id
    )
    .fetch_one(connection)
    .await
    .context("counting hosts")
}

pub struct NewHost<'a> {
    pub id: Uuid,
    pub user_id: &'a str,
    pub name: &'a str,
    /// When it is deleted if no agent has joined until then. `None`: never.
    pub provisional_until: Option<DateTime<Utc>>,
    pub now: DateTime<Utc>,
}

pub async fn insert(connection: &mut PgConnection, new: NewHost<'_>) -> anyhow::Result<()> {
    sqlx::query!(
        "insert into host (id, user_id, name, provisional_until, created_at) values ($1, $2, $3, $4, $5)",
        new.id,
        new.user_id,
        new.name,
        new.provisional_until,
        new.now,
    )
    .execute(connection)
    .await
    .context("adding a host")?;
    Ok(())
}

/// Wakes the pages that show the hosts of this account, when the transaction commits.
pub async fn announce(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<()> {
    sqlx::query!("select pg_notify('hosts', $1)", user_id)
        .execute(connection)
        .await
        .context("telling that hosts have changed")?;
    Ok(())
}

/// The owner of a host that is not revoked.
pub async fn owner(connection: &mut PgConnection, id: Uuid) -> anyhow::Result<Option<String>> {
    sqlx::query_scalar!("select user_id from host where id = $1 and revoked_at is null", id)
        .fetch_optional(connection)
        .await
        .context("looking for the owner of a host")
}

/// What the agent of a host reports about the machine.
pub struct Machine<'a> {
    pub engine: Option<&'a str>,
    pub engine_missing: Option<EngineMissing>,
    pub compose_missing: Option<ComposeMissing>,
    /// `None`: not measured; what was reported before stays.
    pub resources: Option<&'a Value>,
}

pub async fn update_machine(
    connection: &mut PgConnection,
    id: Uuid,
    machine: Machine<'_>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with changed as (
            update host
            set engine = $2, engine_missing = $3, compose_missing = $4, resources = coalesce($5, resources)
            where id = $1
            returning user_id
        )
        select pg_notify('hosts', user_id)::text as "notified" from changed
        "#,
        id,
        machine.engine,
        machine.engine_missing.map(Json) as _,
        machine.compose_missing.map(Json) as _,
        machine.resources,
    )
    .fetch_optional(connection)
    .await
    .context("keeping what an agent says about its host")?;
    Ok(())
}

/// Returns false if the owner has no such host.
pub async fn rename(pool: &Pool, id: Uuid, user_id: &str, name: &str) -> anyhow::Result<bool> {
    let renamed = sqlx::query!(
        r#"
        with changed as (
            update host set name = $3 where id = $1 and user_id = $2 and revoked_at is null returning user_id
        )
        select pg_notify('hosts', user_id)::text as "notified" from changed
        "#,
        id,
        user_id,
        name,
    )
    .fetch_optional(pool)
    .await
    .context("renaming a host")?;
    Ok(renamed.is_some())
}

/// Returns false if the owner has no such host or it is revoked. Until the transaction ends, it is not revoked.
pub async fn keep(connection: &mut PgConnection, id: Uuid, user_id: &str) -> anyhow::Result<bool> {
    let kept = sqlx::query_scalar!(
        "select id from host where id = $1 and user_id = $2 and revoked_at is null for share",
        id,
        user_id
    )
    .fetch_optional(connection)
    .await
    .context("looking for a host")?;
    Ok(kept.is_some())
}

/// What a deployment must know of its host.
pub struct TargetHost {
    /// As its agent last said.
    pub compose_missing: Option<ComposeMissing>,
}

/// Like [`keep`], for a deployment: a provisional host is none to deploy to. `None`: the owner has no such host.
pub async fn keep_target(
    connection: &mut PgConnection,
    id: Uuid,
    user_id: &str,
) -> anyhow::Result<Option<TargetHost>> {
    let kept = sqlx::query!(
        r#"
        select compose_missing from host
        where id = $1 and user_id = $2 and revoked_at is null and provisional_until is null
        for share
        "#,
        id,
        user_id
    )
    .fetch_optional(connection)
    .await
    .context("looking for a host to deploy to")?;
    Ok(kept.map(|host| TargetHost {
        compose_missing: host.compose_missing.and_then(|missing| serde_json::from_value(missing).ok()),
    }))
}

/// Whether compose is missing on a host, as its agent last said.
pub async fn compose_missing(
    connection: &mut PgConnection,
    id: Uuid,
) -> anyhow::Result<Option<ComposeMissing>> {
    let said = sqlx::query_scalar!("select compose_missing from host where id = $1", id)
        .fetch_optional(connection)
        .await
        .context("asking whether compose is missing on a host")?;
    Ok(said.flatten().and_then(|missing| serde_json::from_value(missing).ok()))
}

/// Like [`keep`], but for a caller that changes the host. Returns the host's name.
pub async fn lock(connection: &mut PgConnection, id: Uuid, user_id: &str) -> anyhow::Result<Option<String>> {
    sqlx::query_scalar!(
        "select name from host where id = $1 and user_id = $2 and revoked_at is null for update",
        id,
        user_id
    )
    .fetch_optional(connection)
    .await
    .context("locking a host")
}

/// Also deletes the host's agent with its tokens, and notifies every server. Returns the agent's id.
pub async fn revoke(
    connection: &mut PgConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<Uuid>> {
    sqlx::query!("update host set revoked_at = $2 where id = $1", id, now)
        .execute(&mut *connection)
        .await
        .context("revoking a host")?;
    sqlx::query!("delete from enrolment_code where host_id = $1", id)
        .execute(&mut *connection)
        .await
        .context("taking back the codes of a host")?;
    let agent = sqlx::query_scalar!("delete from agents where host_id = $1 returning id", id)
        .fetch_optional(&mut *connection)
        .await
        .context("letting the agent of a host in no more")?;
    if let Some(agent) = agent {
        sqlx::query!("select pg_notify('agents', $1)", agent.to_string())
            .execute(connection)
            .await
            .context("telling that an agent is let in no more")?;
    }
    Ok(agent)
}

/// The host for the machine that the server runs on; created with this id and name if its owner has none.
pub async fn local(
    connection: &mut PgConnection,
    id: Uuid,
    user_id: &str,
    name: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<Uuid> {
    sqlx::query_scalar!(
        r#"
        insert into host (id, user_id, name, is_local, created_at) values ($1, $2, $3, true, $4)
        on conflict (user_id) where is_local and revoked_at is null do update set name = host.name
        returning id
        "#,
        id,
        user_id,
        name,
        now,
    )
    .fetch_one(connection)
    .await
    .context("making the host of this machine")
}

pub async fn has_agent(pool: &Pool, id: Uuid, user_id: &str, agent: Uuid) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"
        select exists (
            select from agents a
            join host h on h.id = a.host_id
            where a.id = $3 and h.id = $1 and h.user_id = $2 and h.revoked_at is null
        ) as "has!"
        "#,
        id,
        user_id,
        agent,
    )
    .fetch_one(pool)
    .await
    .context("asking for the agent of this machine")
}
