//! The only place with SQL, grouped by area. All other code calls these functions.
//!
//! - `projects`, `deployments`, `clouds`, `callbacks`, `marketplace`, `commands`, `agents`, `accounts`, `sealing`: the tables of one area. A file is named after its
//!   table; a query for a single use case has its own file beside it
//! - `ratings`, `agreements`, `registry_credentials`: areas with a file of their own
//! - `audit_log`, `outbox`, `casbin_rules`: tables that belong to no area
//! - `postgres`: the database itself
//!
//! Row types are private; functions take and return domain types. Queries are checked against `.sqlx` at compile time: after
//! changing one, or adding a migration, run `scripts/sqlx-prepare.sh`.

pub(crate) mod accounts;
pub(crate) mod agents;
pub(crate) mod agreements;
pub(crate) mod audit_log;
pub(crate) mod callbacks;
pub(crate) mod casbin_rules;
pub(crate) mod clouds;
pub(crate) mod commands;
pub(crate) mod deployments;
pub(crate) mod marketplace;
pub(crate) mod outbox;
pub(crate) mod postgres;
pub(crate) mod projects;
pub(crate) mod ratings;
pub(crate) mod registry_credentials;
pub(crate) mod sealing;
pub(crate) mod storable;

pub(crate) use postgres::connect::ping;
pub use postgres::{
    connect::{ConnectError, PoolLimits, connect},
    migrate::{MIGRATOR, MigrateError, PendingMigrations, migrate},
    pool::{Connection, Pool, Transaction},
};
pub use sealing::sealed_columns::{SEALED_COLUMNS, StoredColumn, Usage};

/// PostgreSQL rolled back this transaction because of a conflict with another one. A retry can succeed.
pub(crate) fn is_conflict(error: &anyhow::Error) -> bool {
    let code = |error: &sqlx::Error| error.as_database_error()?.code().map(|code| code.into_owned());
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<sqlx::Error>())
        .filter_map(code)
        .any(|code| ["40P01", "40001"].contains(&code.as_str()))
}
