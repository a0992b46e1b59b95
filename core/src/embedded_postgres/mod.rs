//! The database of a server that has none configured: a private PostgreSQL cluster in the data folder, run from the installed
//! binaries. It is reachable through a socket in a private folder and not over the network.
//!
//! - [`binaries`] finds PostgreSQL
//! - [`clients`] finds the programs that copy a database, private or configured
//! - [`account`] runs the programs without root privileges, in a separate session
//! - [`folders`] lays out the data folder and holds its lock
//! - [`cluster`] creates the cluster, once
//! - [`postmaster`] starts and stops it, and cleans up after a killed server

mod account;
mod binaries;
pub(crate) mod clients;
mod cluster;
mod error;
mod folders;
mod postmaster;

use std::path::Path;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

pub use error::EmbeddedPostgresError;
pub use postmaster::STOPPING_MAY_TAKE;

use crate::db::postgres::cluster::{ROLE, SUPERUSER, create_role_and_database};
use account::Account;
use folders::{Folders, Lock};
use postmaster::Postmaster;

/// Part of the socket's name; no process listens on a port.
const PORT: u16 = 5432;

/// A running cluster. Call [`Self::stop`] to end it; a drop only signals it to stop and does not wait.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    postmaster: Postmaster,
    /// The operating system releases it when this process ends, even after a crash.
    _lock: Lock,
}

impl EmbeddedPostgres {
    /// Creates the cluster if there is none, takes over from a killed server, and refuses if another server is running.
    pub async fn start(data_dir: &Path) -> Result<(Self, PgConnectOptions), EmbeddedPostgresError> {
        let account = Account::of_the_database()?;
        let folders = Folders::prepare(data_dir, &account)?;
        let lock = folders.lock()?;
        let binaries = binaries::find(folders.cluster_version().as_deref())?;
        if folders.cluster_version().is_none() {
            cluster::create(&folders, &binaries, &account).await?;
        }
        postmaster::clear_up(&folders).await?;
        let postmaster = Postmaster::start(&folders, &binaries, &account).await?;
        create_role_and_database(options(&folders, SUPERUSER, "postgres"))
            .await
            .map_err(EmbeddedPostgresError::SetUp)?;
        Ok((Self { postmaster, _lock: lock }, options(&folders, ROLE, ROLE)))
    }

    /// For the console: how to connect to the cluster of the server that runs in this folder; `None` if none runs.
    pub fn running(data_dir: &Path) -> Result<Option<PgConnectOptions>, EmbeddedPostgresError> {
        // The socket's name is derived from the real path, as at the start of the server.
        let Ok(data_dir) = data_dir.canonicalize() else { return Ok(None) };
        let account = Account::of_the_database()?;
        let folders = Folders::of(&data_dir, &account);
        Ok(postmaster::is_ready(&folders).then(|| options(&folders, ROLE, ROLE)))
    }

    /// Closes all connections and writes a checkpoint; takes less than the ten seconds that a server has to end.
    pub async fn stop(self) -> Result<(), EmbeddedPostgresError> {
        self.postmaster.stop().await
    }
}

fn options(folders: &Folders, role: &str, database: &str) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(folders.socket())
        .port(PORT)
        .username(role)
        .database(database)
        .ssl_mode(PgSslMode::Disable)
}
