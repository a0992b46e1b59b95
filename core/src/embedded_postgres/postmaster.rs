//! The postmaster process: starting it, waiting until it is ready, stopping it, and cleaning up after a killed Stacker or
//! postmaster.

use std::{ffi::OsString, fs, io, path::Path, process::Stdio, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    process::{Child, Command},
    time::{sleep, timeout},
};

use super::{
    PORT,
    account::Account,
    binaries::Binaries,
    cluster::not_runnable,
    error::EmbeddedPostgresError,
    folders::{Folders, failed},
};

/// Long, because after a crash PostgreSQL replays its log first.
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// A fast shutdown first, then an immediate one that the next start recovers from.
const STOP_TIMEOUT: Duration = Duration::from_secs(3);
const QUIT_TIMEOUT: Duration = Duration::from_secs(1);
/// A part of the ten seconds that a server has to stop.
pub const STOPPING_MAY_TAKE: Duration = STOP_TIMEOUT.saturating_add(QUIT_TIMEOUT);
/// How long the other processes of a killed postmaster may take to end.
const LEFTOVERS_TIMEOUT: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(5);
const RETRY_EVERY: Duration = Duration::from_millis(200);

#[derive(Debug)]
pub struct Postmaster {
    /// `None` once the postmaster has stopped.
    child: Option<Child>,
    folders: Folders,
}

impl Postmaster {
    pub async fn start(
        folders: &Folders,
        binaries: &Binaries,
        account: &Account,
    ) -> Result<Self, EmbeddedPostgresError> {
        let started = async {
            loop {
                let log = folders.open_log()?;
                let length = log.metadata().map_or(0, |log| log.len());
                let mut command = command(folders, binaries, account);
                let errors = log.try_clone().map_err(|source| failed("opened", &folders.log(), source))?;
                command.stdin(Stdio::null()).stdout(log).stderr(errors);
                let child = command.spawn().map_err(|source| not_runnable("setsid", source))?;
                let mut postmaster = Self { child: Some(child), folders: folders.clone() };
                if postmaster.wait_until_ready().await? {
                    return Ok(postmaster);
                }
                postmaster.child = None;
                let said = folders.log_since(length);
                if !has_leftovers(&said) {
                    return Err(EmbeddedPostgresError::StartFailed { log: folders.log(), end: said });
                }
                sleep(RETRY_EVERY).await;
            }
        };
        timeout(START_TIMEOUT + LEFTOVERS_TIMEOUT, started)
            .await
            .unwrap_or_else(|_| Err(timed_out(folders, "start", START_TIMEOUT)))
    }

    /// Returns false if the process ended instead.
    async fn wait_until_ready(&mut self) -> Result<bool, EmbeddedPostgresError> {
        let Some(child) = &mut self.child else { return Ok(false) };
        let process = child.id();
        let ready = async {
            loop {
                let ended = child.try_wait().map_err(|source| not_runnable("postgres", source))?;
                if ended.is_some() {
                    return Ok(false);
                }
                if read_status(&self.folders)
                    .is_some_and(|status| status.ready && Some(status.process) == process)
                {
                    return Ok(true);
                }
                sleep(LOOK_EVERY).await;
            }
        };
        timeout(START_TIMEOUT, ready)
            .await
            .unwrap_or_else(|_| Err(timed_out(&self.folders, "start", START_TIMEOUT)))
    }

    pub async fn stop(mut self) -> Result<(), EmbeddedPostgresError> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        // INT: closes connections and writes a checkpoint. QUIT: ends at once; the next start recovers.
        for (signal, patience) in [(Signal::INT, STOP_TIMEOUT), (Signal::QUIT, QUIT_TIMEOUT)] {
            send(child.id(), signal);
            if timeout(patience, child.wait()).await.is_ok() {
                return Ok(());
            }
        }
        send(child.id(), Signal::KILL);
        Err(timed_out(&self.folders, "stop", STOPPING_MAY_TAKE))
    }
}

impl Drop for Postmaster {
    fn drop(&mut self) {
        if let Some(child) = &self.child {
            send(child.id(), Signal::INT);
        }
    }
}

/// Ends the postmaster of a killed server, and removes the files of a killed postmaster. Only the holder of the lock is allowed
/// to call this.
pub async fn clear_up(folders: &Folders) -> Result<(), EmbeddedPostgresError> {
    if let Some(status) = read_status(folders).filter(|status| is_ours(status.process, folders)) {
        tracing::info!(
            process = status.process,
            "a private database is still there from a server that was killed"
        );
        for (signal, patience) in
            [(Signal::INT, STOP_TIMEOUT), (Signal::QUIT, QUIT_TIMEOUT), (Signal::KILL, QUIT_TIMEOUT)]
        {
            send(Some(status.process), signal);
            let gone = async {
                while is_ours(status.process, folders) {
                    sleep(LOOK_EVERY).await;
                }
            };
            if timeout(patience, gone).await.is_ok() {
                break;
            }
        }
        if is_ours(status.process, folders) {
            return Err(timed_out(folders, "stop", STOPPING_MAY_TAKE));
        }
    }
    // PostgreSQL trusts the process id in these files, but another program may have the same id by now.
    let [socket, socket_lock] = folders.socket_files();
    for path in [folders.cluster().join("postmaster.pid"), socket, socket_lock] {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failed("removed", &path, error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether a cluster runs in the folder and is ready.
pub fn is_ready(folders: &Folders) -> bool {
    read_status(folders).is_some_and(|status| status.ready && is_ours(status.process, folders))
}

fn command(folders: &Folders, binaries: &Binaries, account: &Account) -> Command {
    let mut command = account.command(&binaries.program("postgres"));
    command.arg("-D").arg(folders.cluster());
    let mut socket_folder = OsString::from("unix_socket_directories=");
    socket_folder.push(quoted(folders.socket()));
    command.arg("-c").arg(socket_folder);
    let port = format!("port={PORT}");
    let settings = [
        port.as_str(),
        "listen_addresses=",
        "unix_socket_permissions=0700",
        "max_connections=64",
        "shared_buffers=64MB",
        "max_wal_size=256MB",
        // Statements are short: compiling them takes longer than running them.
        "jit=off",
        "log_checkpoints=off",
        "log_min_messages=warning",
        "timezone=UTC",
        "log_timezone=UTC",
    ];
    for setting in settings {
        command.args(["-c", setting]);
    }
    command
}

/// The setting is a list, so a folder whose name contains a comma or a space must be quoted.
fn quoted(folder: &Path) -> String {
    format!("\"{}\"", folder.display().to_string().replace('"', "\"\""))
}

struct Status {
    process: u32,
    ready: bool,
}

/// Reads `postmaster.pid`: the first line is the process id, the eighth the status.
fn read_status(folders: &Folders) -> Option<Status> {
    let text = fs::read_to_string(folders.cluster().join("postmaster.pid")).ok()?;
    let mut lines = text.lines();
    let process = lines.next()?.trim().parse().ok()?;
    let ready = lines.nth(6).is_some_and(|line| line.trim() == "ready");
    Some(Status { process, ready })
}

/// Whether this process is alive and works in our cluster's folder, because process ids are reused. (A postmaster stays in that
/// folder; a zombie has none.)
fn is_ours(process: u32, folders: &Folders) -> bool {
    let folder = fs::read_link(format!("/proc/{process}/cwd"));
    folder.is_ok_and(|folder| folders.cluster().canonicalize().is_ok_and(|cluster| cluster == folder))
}

/// Whether processes of a killed postmaster are still running; they end by themselves.
fn has_leftovers(said: &str) -> bool {
    said.contains("pre-existing shared memory block")
}

fn send(process: Option<u32>, signal: Signal) {
    let process = process.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(process) = process {
        // A process that has ended meanwhile needs no signal.
        let _ = kill_process(process, signal);
    }
}

fn timed_out(folders: &Folders, what: &'static str, limit: Duration) -> EmbeddedPostgresError {
    EmbeddedPostgresError::TimedOut { what, seconds: limit.as_secs(), log: folders.log() }
}
