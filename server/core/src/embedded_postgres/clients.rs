//! `pg_dump` and `pg_restore`, which may be installed where the server is not.

use std::path::{Path, PathBuf};

use tokio::process::Command;

use super::{account::Account, binaries};

pub const MINIMUM: u32 = binaries::MINIMUM;
const PROGRAMS: [&str; 2] = ["pg_dump", "pg_restore"];

pub struct Clients {
    pub folder: PathBuf,
    pub major: u32,
}

/// The newest: they read older databases and older dumps.
pub fn find() -> Option<Clients> {
    let (folder, major) = binaries::newest_with(&PROGRAMS)?;
    (major >= MINIMUM).then_some(Clients { folder, major })
}

/// As the account of the database where there is one: what is in an archive is not read as root. Nothing of our environment.
pub fn command(program: &Path) -> Command {
    let account = Account::of_the_database()
        .unwrap_or_else(|_| Account::Ours { uid: rustix::process::geteuid().as_raw() });
    account.command(program)
}
