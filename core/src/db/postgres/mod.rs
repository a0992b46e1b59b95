//! PostgreSQL itself rather than a table: the connection pool, migrations, notifications and backups.

pub(crate) mod backups;
pub(crate) mod cluster;
pub(crate) mod connect;
pub(crate) mod migrate;
pub(crate) mod notifications;
mod older;
pub(crate) mod pool;
