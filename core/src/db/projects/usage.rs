//! How much an owner stores.

use anyhow::Context as _;
use sqlx::PgConnection;

use crate::db::Pool;

pub struct Usage {
    pub projects: i64,
    pub stored_bytes: i64,
}

pub async fn usage(pool: &Pool, user_id: &str) -> anyhow::Result<Usage> {
    sqlx::query_as!(
        Usage,
        r#"
        select count(*) as "projects!", coalesce(sum(stored_bytes), 0)::bigint as "stored_bytes!"
        from project
        where user_id = $1
        "#,
        user_id,
    )
    .fetch_one(pool)
    .await
    .context("measuring what an owner keeps")
}

/// The number holds until the transaction ends if the owner is locked by [`super::lock_owner`].
pub async fn stored_bytes_of_owner(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<i64> {
    sqlx::query_scalar!(
        r#"select coalesce(sum(stored_bytes), 0)::bigint as "bytes!" from project where user_id = $1"#,
        user_id,
    )
    .fetch_one(connection)
    .await
    .context("measuring what an owner keeps")
}
