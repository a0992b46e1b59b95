//! Migrates the database to the schema that this program was built for.

use std::collections::HashSet;

use sqlx::{
    PgPool,
    migrate::{Migrate, Migrator},
};

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
    #[error("the database could not be migrated: {0}")]
    Failed(#[from] sqlx::migrate::MigrateError),
    #[error("the database could not be asked for its migrations")]
    Unreachable(#[from] sqlx::Error),
}

/// Several servers can call this at once: one migrates, the others wait for its advisory lock and then find nothing to do.
pub async fn migrate(pool: &PgPool, pending: PendingMigrations) -> Result<(), MigrateError> {
    match pending {
        PendingMigrations::Apply => MIGRATOR.run(pool).await.map_err(|error| match error {
            sqlx::migrate::MigrateError::VersionMissing(version) => MigrateError::Newer(version),
            other => MigrateError::Failed(other),
        }),
        PendingMigrations::Refuse => refuse_pending(pool).await,
        PendingMigrations::Leave => Ok(()),
    }
}

async fn refuse_pending(pool: &PgPool) -> Result<(), MigrateError> {
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
