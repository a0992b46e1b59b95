//! Recognizes the database of Stacker 0.2, which has tables with our names and other columns.

use sqlx::PgConnection;

use super::migrate::{MIGRATOR, MigrateError};
use crate::db::Pool;

/// Columns of every 0.2, which are not all ours: enough for a database that was restored without its list of migrations. Our
/// agreements keep their texts in another table.
const COLUMNS: [&str; 4] = ["product.obj_type", "rating.obj_id", "agreement.text", "user_agreement.agrt_id"];

/// Refuses a database of Stacker 0.2 before anything in it is changed.
pub async fn refuse(pool: &Pool) -> Result<(), MigrateError> {
    let mut connection = pool.acquire().await?;
    let is_older = has_older_migration(&mut connection).await? || has_its_columns(&mut connection).await?;
    if !is_older {
        return Ok(());
    }
    let options = pool.connect_options();
    Err(MigrateError::Older {
        name: options.get_database().unwrap_or(options.get_username()).to_owned(),
        place: match options.get_socket() {
            Some(folder) => folder.display().to_string(),
            None => format!("{}:{}", options.get_host(), options.get_port()),
        },
    })
}

/// The migrations of 0.2 are older than our first one.
async fn has_older_migration(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let Some(first) = MIGRATOR.iter().map(|migration| migration.version).min() else { return Ok(false) };
    // The table does not exist in a new database, and a statement about it would not even be prepared.
    let exists: bool = sqlx::query_scalar("select to_regclass('_sqlx_migrations') is not null")
        .fetch_one(&mut *connection)
        .await?;
    if !exists {
        return Ok(false);
    }
    sqlx::query_scalar("select exists (select from _sqlx_migrations where version < $1)")
        .bind(first)
        .fetch_one(connection)
        .await
}

async fn has_its_columns(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "select count(*) = cardinality($1) from information_schema.columns
         where table_schema = current_schema() and table_name || '.' || column_name = any($1::text[])",
    )
    .bind(COLUMNS.map(str::to_owned).to_vec())
    .fetch_one(connection)
    .await
}
