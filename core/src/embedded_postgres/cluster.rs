//! Creates the cluster, once.

use std::{fs, io, os::unix::fs::DirBuilderExt, path::Path};

use super::{
    account::Account,
    binaries::Binaries,
    error::EmbeddedPostgresError,
    folders::{Folders, failed},
};
use crate::db::postgres::cluster::SUPERUSER;

/// Creates the cluster in a draft folder that is renamed when it is complete; the draft of an interrupted start is deleted first.
pub async fn create(
    folders: &Folders,
    binaries: &Binaries,
    account: &Account,
) -> Result<(), EmbeddedPostgresError> {
    let draft = folders.new_cluster();
    match fs::remove_dir_all(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(failed("removed", &draft, error));
        }
        _ => {}
    }
    let made = fs::DirBuilder::new().mode(0o700).create(&draft).and_then(|()| account.own(&draft));
    made.map_err(|source| failed("made", &draft, source))?;
    check_reachable(folders.data(), &draft, account).await?;
    run_initdb(&draft, binaries, account).await?;
    fs::rename(&draft, folders.cluster()).map_err(|source| failed("renamed", &draft, source))
}

/// Without this check, `initdb` would only say "permission denied".
async fn check_reachable(data: &Path, draft: &Path, account: &Account) -> Result<(), EmbeddedPostgresError> {
    let status = account.command(Path::new("test")).arg("-x").arg(draft).status().await;
    let status = status.map_err(|source| not_runnable("setsid", source))?;
    if status.success() {
        Ok(())
    } else {
        Err(EmbeddedPostgresError::Unreachable { folder: data.to_owned() })
    }
}

/// Local connections need no password: the socket's folder admits only the server.
async fn run_initdb(
    draft: &Path,
    binaries: &Binaries,
    account: &Account,
) -> Result<(), EmbeddedPostgresError> {
    let initdb = binaries.program("initdb");
    let output = account
        .command(&initdb)
        .arg("--pgdata")
        .arg(draft)
        .args(["--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8"])
        .args(["--data-checksums", "--no-instructions"])
        .output()
        .await
        .map_err(|source| not_runnable("initdb", source))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(EmbeddedPostgresError::InitFailed { output: said })
}

pub fn not_runnable(program: &str, source: io::Error) -> EmbeddedPostgresError {
    EmbeddedPostgresError::NotRunnable { program: program.to_owned(), source }
}
