//! Migrates the database to the schema that this program was built for.

use std::collections::HashSet;

use sqlx::{
    Connection as _, PgConnection,
    migrate::{Migrate, Migrator},
};

use super::older;
use crate::db::Pool;

/// The files of `migrations/`, embedded at compile time.
pub static MIGRATOR: Migrator = sqlx::migrate!("../migrations");

/// What to do about migrations that are not applied yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PendingMigrations {
    Apply,
    /// `--no-migrate`: the operator applies them before the server starts.
    Refuse,
    /// The database is only copied, or does not exist yet.
    Leave,
}

#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error(
        "{} migrations are pending, the first is {first}: run `sqlx migrate run`, or start without --no-migrate",
        count
    )]
    Pending { count: usize, first: String },
    #[error("the database was migrated by a newer Stacker (migration {0} is unknown here): start that one")]
    Newer(i64),
    #[error(
        "the database `{name}` at {place} belongs to Stacker 0.2, whose data this version cannot read: set `database.database_name` to a new, empty database; the old one was not changed and still works with Stacker 0.2"
    )]
    Older { name: String, place: String },
    /// The driver's messages repeat their causes, so they are not sources.
    #[error("the database could not be migrated: {0}")]
    Failed(sqlx::migrate::MigrateError),
    #[error("the database could not be asked for its migrations")]
    Unreachable(#[from] sqlx::Error),
}

impl From<sqlx::migrate::MigrateError> for MigrateError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        match error {
            sqlx::migrate::MigrateError::VersionMissing(version) => Self::Newer(version),
            other => Self::Failed(other),
        }
    }
}

/// Several servers can call this at once: one migrates, the others wait for its advisory lock and then find nothing to do.
pub async fn migrate(pool: &Pool, pending: PendingMigrations) -> Result<(), MigrateError> {
    if pending != PendingMigrations::Leave {
        older::refuse(pool).await?;
    }
    match pending {
        PendingMigrations::Apply => apply_pending(pool).await,
        PendingMigrations::Refuse => refuse_pending(pool).await,
        PendingMigrations::Leave => Ok(()),
    }
}

async fn apply_pending(pool: &Pool) -> Result<(), MigrateError> {
    // A separate connection: closing it releases the lock, however the migration ends.
    let mut connection = PgConnection::connect_with(pool.connect_options()).await?;
    let applied = MIGRATOR.run(&mut connection).await;
    drop(connection.close().await);
    Ok(applied?)
}

async fn refuse_pending(pool: &Pool) -> Result<(), MigrateError> {
    let mut connection = pool.acquire().await?;
    connection.ensure_migrations_table(&MIGRATOR.table_name).await?;
    let applied: HashSet<i64> = connection
        .list_applied_migrations(&MIGRATOR.table_name)
        .await?
        .into_iter()
        .map(|migration| migration.version)
        .collect();
    if let Some(unknown) = applied.iter().copied().find(|version| !MIGRATOR.version_exists(*version)) {
        return Err(MigrateError::Newer(unknown));
    }
    let mut pending = MIGRATOR
        .iter()
        .filter(|known| known.migration_type.is_up_migration() && !applied.contains(&known.version));
    match pending.next() {
        None => Ok(()),
        Some(first) => Err(MigrateError::Pending {
            count: 1 + pending.count(),
            first: format!("{} {}", first.version, first.description),
        }),
    }
}
