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

/// Those of the version of the database: newer ones read from older databases, and do not always write to them.
pub fn find(database: u32) -> Option<Clients> {
    let (folder, major) = binaries::with_programs(&PROGRAMS, database)?;
    (major >= MINIMUM).then_some(Clients { folder, major })
}

/// As the account of the database where there is one: what is in an archive is not read as root. Nothing of our environment.
pub fn command(program: &Path) -> Command {
    let account = Account::of_the_database()
        .unwrap_or_else(|_| Account::Ours { uid: rustix::process::geteuid().as_raw() });
    account.command(program)
}
