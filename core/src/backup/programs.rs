//! Runs `pg_dump` and `pg_restore` with the address of the database.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
    process::Stdio,
};

use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::PgConnectOptions;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _},
    process::{Child, Command},
};

use super::{
    BackupError, DUMP,
    archive::{Archive, ArchiveWriter},
};
use crate::{
    config::{DatabaseSettings, SslMode},
    embedded_postgres::clients::{self, Clients},
};

/// How much of the end of a program's error output is shown.
const MAX_SAID: usize = 4 * 1024;
const COPIED_AT_ONCE: usize = 64 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    #[error(
        "`pg_dump` and `pg_restore` are not installed (looked in /usr/lib/postgresql, /usr/pgsql-* and PATH): install the \
         client programs of PostgreSQL {minimum} or newer (`apt-get install postgresql-client`)"
    )]
    NotInstalled { minimum: u32 },
    #[error(
        "the database is PostgreSQL {server}, and `pg_dump` is {installed}: install the client programs of {server}"
    )]
    TooOld { server: u32, installed: u32 },
    #[error("`{program}` could not be run: {source}")]
    NotRunnable { program: &'static str, source: std::io::Error },
    #[error("`{program}` failed: {said}")]
    Failed { program: &'static str, said: String },
}

pub struct Programs {
    clients: Clients,
    /// The address of the database.
    arguments: Vec<String>,
    variables: Vec<(&'static str, SecretString)>,
}

impl Programs {
    /// For the private or the configured database; `server`: its major version.
    pub fn for_database(
        options: &PgConnectOptions,
        configured: Option<&DatabaseSettings>,
        server: u32,
    ) -> Result<Self, ProgramError> {
        let clients =
            clients::find(server).ok_or(ProgramError::NotInstalled { minimum: clients::MINIMUM })?;
        if clients.major < server {
            return Err(ProgramError::TooOld { server, installed: clients.major });
        }
        let host = options
            .get_socket()
            .map_or_else(|| options.get_host().to_owned(), |folder| folder.display().to_string());
        let arguments = vec![
            format!("--host={host}"),
            format!("--port={}", options.get_port()),
            format!("--username={}", options.get_username()),
            format!("--dbname={}", options.get_database().unwrap_or("stacker")),
            "--no-password".to_owned(),
        ];
        let mut variables = Vec::new();
        if let Some(configured) = configured {
            variables.push(("PGPASSWORD", configured.password.clone()));
            let mode = match configured.ssl_mode {
                SslMode::Disable => "disable",
                SslMode::Prefer => "prefer",
                SslMode::Require => "require",
                SslMode::VerifyFull => "verify-full",
            };
            variables.push(("PGSSLMODE", mode.into()));
            if configured.ssl_mode == SslMode::VerifyFull && clients.major >= 16 {
                variables.push(("PGSSLROOTCERT", "system".into()));
            }
        }
        Ok(Self { clients, arguments, variables })
    }

    pub fn major(&self) -> u32 {
        self.clients.major
    }

    /// Writes the database, in the state of the snapshot, into a member of the archive.
    pub async fn dump(&self, snapshot: &str, archive: &mut ArchiveWriter) -> Result<(), BackupError> {
        let mut command = self.command("pg_dump");
        command
            .args(["--format=custom", "--no-owner", "--no-privileges"])
            .arg(format!("--snapshot={snapshot}"));
        let mut child = spawned("pg_dump", command.stdin(Stdio::null()).stdout(Stdio::piped()))?;
        archive.begin(DUMP)?;
        let (output, errors) = (child.stdout.take(), child.stderr.take());
        let copied = async {
            let Some(mut output) = output else { return Ok(()) };
            let mut buffer = vec![0; COPIED_AT_ONCE];
            loop {
                let read = output.read(&mut buffer).await;
                match read.map_err(|source| ProgramError::NotRunnable { program: "pg_dump", source })? {
                    0 => return Ok::<(), BackupError>(()),
                    read => archive.write(&buffer[..read])?,
                }
            }
        };
        let (copied, said) = tokio::join!(copied, said(errors));
        copied?;
        ended("pg_dump", child, &said).await?;
        Ok(archive.end()?)
    }

    /// Restores everything or, on failure, nothing.
    pub async fn restore(&self, archive: &mut Archive) -> Result<(), BackupError> {
        let mut command = self.command("pg_restore");
        command.args([
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            "--single-transaction",
            "--exit-on-error",
        ]);
        let mut child = spawned("pg_restore", command.stdin(Stdio::piped()).stdout(Stdio::null()))?;
        let (input, errors) = (child.stdin.take(), child.stderr.take());
        let mut dump = archive.member(DUMP)?;
        let fed = async {
            let Some(mut input) = input else { return };
            let mut buffer = vec![0; COPIED_AT_ONCE];
            // The archive was already verified, so a read error is not expected here; if `pg_restore` ends early, its error
            // output tells why.
            while let Ok(read @ 1..) = dump.read(&mut buffer) {
                if input.write_all(&buffer[..read]).await.is_err() {
                    return;
                }
            }
        };
        let ((), said) = tokio::join!(fed, said(errors));
        ended("pg_restore", child, &said).await.map_err(BackupError::from)
    }

    fn command(&self, name: &str) -> Command {
        let mut command = clients::command(&self.program(name));
        command.args(&self.arguments);
        for (name, value) in &self.variables {
            command.env(name, value.expose_secret());
        }
        // The program must not outlive a cancelled backup or restore.
        command.kill_on_drop(true);
        command
    }

    fn program(&self, name: &str) -> PathBuf {
        self.clients.folder.join(Path::new(name))
    }
}

fn spawned(program: &'static str, command: &mut Command) -> Result<Child, ProgramError> {
    command.stderr(Stdio::piped()).spawn().map_err(|source| ProgramError::NotRunnable { program, source })
}

async fn ended(program: &'static str, mut child: Child, said: &str) -> Result<(), ProgramError> {
    let status = child.wait().await.map_err(|source| ProgramError::NotRunnable { program, source })?;
    if status.success() {
        return Ok(());
    }
    let said = if said.is_empty() { status.to_string() } else { said.to_owned() };
    Err(ProgramError::Failed { program, said })
}

/// The end of the program's error output.
async fn said(errors: Option<impl AsyncRead + Unpin>) -> String {
    let Some(mut errors) = errors else { return String::new() };
    let mut said = Vec::new();
    let mut buffer = [0; 1024];
    while let Ok(read @ 1..) = errors.read(&mut buffer).await {
        said.extend_from_slice(&buffer[..read]);
        if said.len() > 2 * MAX_SAID {
            said.drain(..said.len() - MAX_SAID);
        }
    }
    String::from_utf8_lossy(&said).trim().to_owned()
}
