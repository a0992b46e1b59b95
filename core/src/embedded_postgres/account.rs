//! The account that the database runs as. PostgreSQL refuses to run as root; in this case it runs as the user `postgres`.

use std::{fs, io, path::Path};

use tokio::process::Command;

use super::error::EmbeddedPostgresError;

const NAME: &str = "postgres";

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account {
    /// The user of this process.
    Ours { uid: u32 },
    /// Another user, which each started program switches to.
    Other { uid: u32, gid: u32 },
}

impl Account {
    pub fn of_the_database() -> Result<Self, EmbeddedPostgresError> {
        let uid = rustix::process::geteuid();
        if !uid.is_root() {
            return Ok(Self::Ours { uid: uid.as_raw() });
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        entry_of(NAME, &users)
            .map(|(uid, gid)| Self::Other { uid, gid })
            .ok_or(EmbeddedPostgresError::NoAccount)
    }

    pub fn uid(&self) -> u32 {
        match self {
            Self::Ours { uid } | Self::Other { uid, .. } => *uid,
        }
    }

    /// Makes the account the owner of a file or folder.
    pub fn own(&self, path: &Path) -> io::Result<()> {
        match self {
            Self::Ours { .. } => Ok(()),
            Self::Other { uid, gid } => std::os::unix::fs::chown(path, Some(*uid), Some(*gid)),
        }
    }

    /// Starts the program in its own session, so that Ctrl-C in the terminal does not reach it directly. Both helper programs
    /// exec the next one without forking, so the child process is the program itself.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("setsid");
        if let Self::Other { uid, gid } = self {
            command
                .arg("setpriv")
                .arg(format!("--reuid={uid}"))
                .arg(format!("--regid={gid}"))
                .args(["--init-groups", "--"]);
        }
        // The environment is not passed on: it may contain secrets, and PG* variables would change what the programs do.
        command.arg(program).env_clear().current_dir("/");
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LC_ALL", "C.UTF-8").env("TZ", "UTC");
        command
    }
}

/// User and group id from the lines of `/etc/passwd`.
fn entry_of(name: &str, users: &str) -> Option<(u32, u32)> {
    users.lines().find_map(|line| {
        let mut columns = line.split(':');
        let is_it = columns.next()? == name;
        let uid = columns.nth(1)?.parse().ok()?;
        let gid = columns.next()?.parse().ok()?;
        is_it.then_some((uid, gid))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_of_a_user_are_read() {
        let users = "root:x:0:0:root:/root:/bin/bash\npostgres:x:101:104:PostgreSQL,,,:/var/lib/postgresql:/bin/bash\n";
        assert_eq!(entry_of("postgres", users), Some((101, 104)));
        assert_eq!(entry_of("nobody", users), None);
    }
}
