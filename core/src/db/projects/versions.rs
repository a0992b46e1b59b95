//! The versions of projects, and who waits for the next one.

use anyhow::Context as _;
use sqlx::PgConnection;

use crate::db::Pool;

/// The current version of a project that the user may see.
pub async fn version(pool: &Pool, id: i32, user_id: &str) -> anyhow::Result<Option<i32>> {
    sqlx::query_scalar!(
        r#"
        select p.version
        from project p
        join project_access a on a.project_id = p.id and a.user_id = $2
        where p.id = $1
        "#,
        id,
        user_id,
    )
    .fetch_optional(pool)
    .await
    .context("reading the version of a project")
}

/// When the transaction commits, wakes everybody who follows the project: it has a newer version, it is gone, or some have
/// lost their access.
pub async fn wake_followers(connection: &mut PgConnection, id: i32) -> anyhow::Result<()> {
    sqlx::query_scalar!(r#"select pg_notify('projects', $1)::text as "notified""#, id.to_string())
        .fetch_one(connection)
        .await
        .context("waking who follows a project")?;
    Ok(())
}
