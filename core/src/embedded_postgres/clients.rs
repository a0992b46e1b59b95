//! `pg_dump` and `pg_restore`, which may be installed without the server.

use std::path::{Path, PathBuf};

use tokio::process::Command;

use super::{account::Account, binaries};

pub const MINIMUM: u32 = binaries::MINIMUM;
const PROGRAMS: [&str; 2] = ["pg_dump", "pg_restore"];

pub struct Clients {
    pub folder: PathBuf,
    pub major: u32,
}

/// Prefers the version of the database: newer programs can read from older databases, but cannot always write to them.
pub fn find(database: u32) -> Option<Clients> {
    let (folder, major) = binaries::with_programs(&PROGRAMS, database)?;
    (major >= MINIMUM).then_some(Clients { folder, major })
}

/// Runs the program as the account of the database, if there is one, so that root does not read the content of an archive;
/// without our environment.
pub fn command(program: &Path) -> Command {
    let account = Account::of_the_database()
        .unwrap_or_else(|_| Account::Ours { uid: rustix::process::geteuid().as_raw() });
    account.command(program)
}
