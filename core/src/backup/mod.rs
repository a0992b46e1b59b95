//! Backs up database and key ring into one file, and restores them. The file is a tar archive, so that it can be opened without
//! Stacker.
//!
//! - [`archive`](self::archive): the file, written completely or not at all, and verified when it is read
//! - [`manifest`](self::manifest): what a backup records about itself
//! - [`programs`](self::programs): `pg_dump` and `pg_restore`
//! - [`take`]: makes a backup while servers run
//! - [`check`]: restores a backup into a scratch cluster, to find out whether it can be restored
//! - [`restore`]: restores a backup into an empty database

mod archive;
mod check;
mod manifest;
mod programs;
mod restore;
mod take;

use std::path::PathBuf;

use tokio_util::sync::CancellationToken;

pub use archive::ArchiveError;
pub use check::check;
pub use manifest::{Manifest, ManifestError};
pub use programs::ProgramError;
pub use restore::{Restored, restore};
pub use take::{Taken, take};

use crate::{
    db::MigrateError,
    embedded_postgres::EmbeddedPostgresError,
    services::{KeyRingSourceError, SealingKeyError},
};

/// The members of the archive, in order.
const DUMP: &str = "database.dump";
const KEY_RING: &str = "keyring.json";
const MANIFEST: &str = "manifest.json";

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error(transparent)]
    Program(#[from] ProgramError),
    #[error(transparent)]
    Source(#[from] KeyRingSourceError),
    #[error(transparent)]
    Keys(#[from] SealingKeyError),
    #[error(transparent)]
    Postgres(#[from] EmbeddedPostgresError),
    #[error("no key ring found at {0}: a backup without it could not be restored")]
    NoKeyRing(String),
    #[error("keys are being rotated: wait for the end of it")]
    Rotating,
    #[error("{0} already exists: name another file")]
    Exists(PathBuf),
    #[error("stopped; nothing was written")]
    Stopped,
    #[error(
        "a server uses the private database: stop it first. What is there is not overwritten: the folder `pg` has to be moved \
         away"
    )]
    Running,
    #[error(
        "the database is not empty (it has {0} tables), and nothing is overwritten: make an empty one, or move the folder `pg` \
         away, then try again"
    )]
    NotEmpty(i64),
    #[error(
        "{place} has a different key ring than the archive, and it is not overwritten: {how}. \
         `tar xOf ARCHIVE {member}` prints that of the archive"
    )]
    OtherKeyRing { place: String, how: &'static str, member: &'static str },
    #[error("the archive cannot be brought up to date: {0}")]
    Migrate(#[from] MigrateError),
    #[error("the restored data differs from the backed up data: {0}")]
    Differs(String),
    #[error("{failed} sealed values do not open with the key ring in the archive: {some}")]
    Unopened { failed: u64, some: String },
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

/// Stops when cancelled, and drops the work in progress.
async fn unless_stopped<T>(
    stop: &CancellationToken,
    work: impl Future<Output = Result<T, BackupError>>,
) -> Result<T, BackupError> {
    tokio::select! {
        done = work => done,
        () = stop.cancelled() => Err(BackupError::Stopped),
    }
}
