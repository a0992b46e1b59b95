//! Everything the database is asked: the only place with SQL.
//!
//! One file per table. Rows are private and leave as domain types; queries are checked against `.sqlx` when compiled.
//! After changing one, or a migration: `scripts/sqlx-prepare.sh`.

pub(crate) mod access_tokens;
pub(crate) mod agent_tokens;
pub(crate) mod agents;
pub(crate) mod audit_log;
pub(crate) mod backups;
pub(crate) mod casbin_rules;
pub(crate) mod clients;
pub(crate) mod cluster;
pub(crate) mod command_progress;
pub(crate) mod commands;
mod connect;
pub(crate) mod deployment_commands;
pub(crate) mod deployment_events;
pub(crate) mod deployment_revisions;
pub(crate) mod deployment_services;
pub(crate) mod deployments;
pub(crate) mod enrolment_codes;
pub(crate) mod health;
pub(crate) mod hosts;
pub(crate) mod key_holders;
pub(crate) mod login_links;
mod migrate;
pub(crate) mod notifications;
pub(crate) mod outbox;
pub(crate) mod project_invitations;
pub(crate) mod project_members;
pub(crate) mod projects;
pub(crate) mod sealed_columns;
pub(crate) mod sealing_keys;
pub(crate) mod sessions;
pub(crate) mod storable;

/// Two transactions were in each other's way and this one was undone: done again it goes through.
pub(crate) fn is_conflict(error: &anyhow::Error) -> bool {
    let code = |error: &sqlx::Error| error.as_database_error()?.code().map(|code| code.into_owned());
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<sqlx::Error>())
        .filter_map(code)
        .any(|code| ["40P01", "40001"].contains(&code.as_str()))
}

pub use connect::{ConnectError, PoolLimits, connect};
pub use migrate::{MIGRATOR, MigrateError, PendingMigrations, migrate};
pub use sealed_columns::{SEALED_COLUMNS, StoredColumn, Usage};
