//! Table `deployment_event`: what pages hear, numbered.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::api::Happened;
use sqlx::{PgConnection, types::Json};

/// Writes an event and wakes who listens, once the transaction is through.
///
/// Until it is, no other event of the same deployment is written: readers that go by number would otherwise miss one whose
/// transaction took longer. So this is the last thing a transaction does.
pub async fn append(
    connection: &mut PgConnection,
    deployment_hash: &str,
    event: &Happened,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('events of ' || $1, 0))",
        deployment_hash
    )
    .execute(&mut *connection)
    .await
    .context("locking the events of a deployment")?;
    sqlx::query!(
        r#"
        with written as (
            insert into deployment_event (deployment_hash, event, created_at) values ($1, $2, $3)
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
