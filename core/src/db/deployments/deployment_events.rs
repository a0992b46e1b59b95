//! Table `deployment_event`: the numbered events that pages receive.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::api::{DeploymentEvent, Happened, InstallLine};
use serde_json::Value;
use sqlx::{PgConnection, types::Json};

use crate::db::Pool;

/// Writes an event; when the transaction commits, listeners are woken.
///
/// Until then, no other event of the same deployment is written: readers continue after the last number they saw, so they would
/// miss an event with a smaller number that was committed later. To keep this lock short, call this last in a transaction.
pub async fn append(
    connection: &mut PgConnection,
    deployment_hash: &str,
    event: &Happened,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    // One statement: the number is drawn for the rows that `locked` returns, so after the lock is taken.
    sqlx::query!(
        r#"
        with locked as (
            select pg_advisory_xact_lock(hashtextextended('events of ' || $1, 0))
        ), written as (
            insert into deployment_event (deployment_hash, event, created_at)
            select $1, $2, $3 from locked
        )
        select pg_notify('deployments', $1)
        "#,
        deployment_hash,
        Json(event) as _,
        now,
    )
    .execute(connection)
    .await
    .context("writing an event")?;
    Ok(())
}

/// Like [`append`] for many deployments, in the order of their hashes: all transactions take these locks in that order.
pub async fn append_to_many(
    connection: &mut PgConnection,
    events: &[(String, Happened)],
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let hashes: Vec<String> = events.iter().map(|(hash, _)| hash.clone()).collect();
    let bodies: Vec<Value> =
        events.iter().map(|(_, event)| serde_json::to_value(event)).collect::<Result<_, _>>()?;
    sqlx::query!(
        r#"
        with given as (
            select hash, event, number
            from unnest($1::text[], $2::jsonb[]) with ordinality as given (hash, event, number)
        ), locked as (
            select hash, event, pg_advisory_xact_lock(hashtextextended('events of ' || hash, 0))
            from (select * from given order by number) as ordered
        ), written as (
            insert into deployment_event (deployment_hash, event, created_at)
            select hash, event, $3 from locked
        )
        select pg_notify('deployments', hash)::text as "notified" from given
        "#,
        &hashes,
        &bodies,
        now,
    )
    .fetch_all(connection)
    .await
    .context("writing events of many deployments")?;
    Ok(())
}

/// The number of the newest event of a deployment; 0 if there is none.
pub async fn last_id(pool: &Pool, deployment_hash: &str) -> anyhow::Result<i64> {
    sqlx::query_scalar!(
        r#"select coalesce(max(id), 0) as "id!" from deployment_event where deployment_hash = $1"#,
        deployment_hash
    )
    .fetch_one(pool)
    .await
    .context("reading the number of the newest event")
}

/// The events with larger numbers, in order, and the number of the last row read. Nothing for a user without access to the
/// deployment.
pub async fn after(
    pool: &Pool,
    deployment_hash: &str,
    user_id: &str,
    after: i64,
    limit: i64,
) -> anyhow::Result<(Option<i64>, Vec<DeploymentEvent>)> {
    let rows = sqlx::query!(
        r#"
        select id, event
        from deployment_event
        where deployment_hash = $1 and id > $2
            and exists (
                select from deployment d
                join deployment_access access on access.deployment_id = d.id and access.user_id = $4
                where d.deployment_hash = $1
            )
        order by id
        limit $3
        "#,
        deployment_hash,
        after,
        limit,
        user_id,
    )
    .fetch_all(pool)
    .await
    .context("reading events")?;
    // Events of earlier versions that cannot be parsed are skipped: a page loads the whole state first.
    let read = |event| serde_json::from_value::<Happened>(event).ok();
    let last = rows.last().map(|row| row.id);
    let events =
        rows.into_iter().filter_map(|row| Some(DeploymentEvent { id: row.id, what: read(row.event)? }));
    Ok((last, events.collect()))
}

/// What the install service reported last, oldest first.
pub async fn install_lines(
    pool: &Pool,
    deployment_hash: &str,
    limit: i64,
) -> anyhow::Result<Vec<InstallLine>> {
    let rows = sqlx::query!(
        r#"
        select event->'state'->>'message' as "message!", (event->'state'->>'progress')::smallint as progress
        from deployment_event
        where deployment_hash = $1 and event->>'event' = 'install' and event->'state'->>'message' is not null
        order by id desc
        limit $2
        "#,
        deployment_hash,
        limit,
    )
    .fetch_all(pool)
    .await
    .context("reading what the install service reported")?;
    let line = |progress: Option<i16>, message| InstallLine {
        progress: progress.and_then(|percent| u8::try_from(percent).ok()),
        message,
    };
    Ok(rows.into_iter().rev().map(|row| line(row.progress, row.message)).collect())
}

/// When the transaction commits, wakes the listeners of the project's deployments, because some may have lost their access.
pub async fn wake_listeners(connection: &mut PgConnection, project_id: i32) -> anyhow::Result<()> {
    sqlx::query!(
        r#"select pg_notify('deployments', deployment_hash)::text as "notified" from deployment where project_id = $1"#,
        project_id
    )
    .fetch_all(connection)
    .await
    .context("waking who listens to a project")?;
    Ok(())
}

/// Deletes all events of a deployment that is deleted itself.
pub async fn delete_of(connection: &mut PgConnection, deployment_hash: &str) -> anyhow::Result<()> {
    sqlx::query!("delete from deployment_event where deployment_hash = $1", deployment_hash)
        .execute(connection)
        .await
        .context("deleting the events of a deployment")?;
    Ok(())
}

/// Old events are not needed: a page that was offline for longer loads the whole state again.
pub async fn delete_before(pool: &Pool, before: DateTime<Utc>) -> anyhow::Result<()> {
    sqlx::query!("delete from deployment_event where created_at < $1", before)
        .execute(pool)
        .await
        .context("deleting old events")?;
    Ok(())
}
