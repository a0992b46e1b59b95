//! The database of a machine where none is configured: a private PostgreSQL cluster in the data folder, run from the
//! installed binaries, reachable through a socket in a private folder and not over the network.
//!
//! - [`binaries`] finds PostgreSQL
//! - [`clients`] finds the programs that copy a database, this one or another
//! - [`account`] runs it as somebody without privileges, in a session of its own
//! - [`folders`] lays out the data folder and holds its lock
//! - [`cluster`] makes the cluster once
//! - [`postmaster`] starts and stops it, and clears up after a server that was killed

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

/// The name of the socket ends in it; nothing listens on a port.
const PORT: u16 = 5432;

/// A running cluster. Call [`Self::stop`]; one that is dropped is signalled to stop but not waited for.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    postmaster: Postmaster,
    /// Given back by the operating system when we end, however we end.
    _lock: Lock,
}

impl EmbeddedPostgres {
    /// Makes the cluster when there is none, takes over from a server that was killed, refuses when one is running.
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

    /// How to reach the cluster that a running server keeps in this folder; for the console. `None` when none runs.
    pub fn running(data_dir: &Path) -> Result<Option<PgConnectOptions>, EmbeddedPostgresError> {
        // The socket is named after the real path, as when the server was started.
        let Ok(data_dir) = data_dir.canonicalize() else { return Ok(None) };
        let account = Account::of_the_database()?;
        let folders = Folders::of(&data_dir, &account);
        Ok(postmaster::is_ready(&folders).then(|| options(&folders, ROLE, ROLE)))
    }

    /// Sends every connection away and writes everything down; well within the ten seconds a server has to end.
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
