//! Why the private database does not run, and how to fix it.

use std::{io, path::PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum EmbeddedPostgresError {
    #[error(
        "no PostgreSQL is installed (looked in /usr/lib/postgresql, /usr/pgsql-* and PATH): install PostgreSQL \
         {minimum} or newer (`apt-get install postgresql`), or set `database` in configuration.yaml"
    )]
    NotInstalled { minimum: u32 },
    #[error(
        "the newest PostgreSQL installed is {newest}: install {minimum} or newer, or set `database` in configuration.yaml"
    )]
    TooOld { newest: u32, minimum: u32 },
    #[error(
        "the private database was created by PostgreSQL {needed}, which is not installed (installed: {installed}): install \
         postgresql-{needed}"
    )]
    VersionGone { needed: String, installed: String },
    #[error(
        "PostgreSQL does not run as root, and there is no user `postgres` to run it as: create one (`useradd --system \
         postgres`), or start Stacker as another user"
    )]
    NoAccount,
    #[error(
        "the user `postgres` cannot reach {}: allow others to pass through its parent folders (`chmod o+x`), or choose \
         another `data_dir`",
        folder.display()
    )]
    Unreachable { folder: PathBuf },
    #[error(
        "the data folder {} is in use by another Stacker{}: stop that one, or choose another `data_dir`",
        folder.display(),
        process.as_ref().map_or_else(String::new, |id| format!(" (process {id})"))
    )]
    InUse { folder: PathBuf, process: Option<String> },
    #[error("{} belongs to another user: remove it, or choose a `data_dir` with a shorter path", folder.display())]
    SocketFolderTaken { folder: PathBuf },
    #[error("the private database needs {}, which could not be {action}: {source}", path.display())]
    Folder { action: &'static str, path: PathBuf, source: io::Error },
    #[error("`{program}` could not be run: {source}")]
    NotRunnable { program: String, source: io::Error },
    #[error("the private database could not be created:\n{output}")]
    InitFailed { output: String },
    #[error("the private database did not start, the end of {} says:\n{end}", log.display())]
    StartFailed { log: PathBuf, end: String },
    #[error("the private database did not {what} within {seconds} s, see {}", log.display())]
    TimedOut { what: &'static str, seconds: u64, log: PathBuf },
    #[error("the private database runs and cannot be set up: {0:#}")]
    SetUp(anyhow::Error),
}
