//! PostgreSQL itself, rather than a table of ours: connections, migrations, notifications, backups.

pub(crate) mod backups;
pub(crate) mod cluster;
pub(crate) mod connect;
pub(crate) mod migrate;
pub(crate) mod notifications;
