//! Whether the database answers.

use anyhow::Context as _;
use sqlx::PgPool;

pub async fn ping(pool: &PgPool) -> anyhow::Result<()> {
    sqlx::query_scalar!("select 1 as \"one!\"")
        .fetch_one(pool)
        .await
        .context("asking the database whether it is there")?;
    Ok(())
}
