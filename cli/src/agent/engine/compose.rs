//! Runs `docker compose`, or the older `docker-compose` where only that is installed.

use std::{collections::BTreeMap, env, path::Path, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
};
use tokio_util::sync::CancellationToken;

use super::{Engine, compose_missing::compose_missing};
use crate::agent::failure::Failure;

/// The number of last output lines in the message of a failure.
const KEPT_LINES: usize = 20;
const LONGEST_LINE: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `docker compose`: the whole specification.
    Current,
    /// `docker-compose` up to 1.29, which rejects keys that were added later.
    Old,
}

#[derive(Clone, Debug)]
pub struct Compose {
    program: Vec<String>,
    pub dialect: Dialect,
    pub version: String,
}

/// One compose project with its file.
pub struct Project<'a> {
    pub name: &'a str,
    pub file: &'a Path,
    /// The project folder; an effective file contains no relative paths.
    pub folder: &'a Path,
    pub variables: &'a BTreeMap<String, String>,
    pub profiles: &'a str,
}

impl Compose {
    pub async fn find(engine: &Engine) -> Result<Self, Failure> {
        let missing = || Failure::new("no-compose", compose_missing(engine).in_words());
        Self::installed().await.ok_or_else(missing)
    }

    pub async fn installed() -> Option<Self> {
        if let Some(version) = version(&["docker", "compose", "version", "--short"]).await {
            return Some(Self {
                program: vec!["docker".to_owned(), "compose".to_owned()],
                dialect: Dialect::Current,
                version,
            });
        }
        if let Some(version) = version(&["docker-compose", "version", "--short"]).await {
            let dialect = if version.starts_with("1.") { Dialect::Old } else { Dialect::Current };
            return Some(Self { program: vec!["docker-compose".to_owned()], dialect, version });
        }
        None
    }

    /// Runs compose to its end and passes each line of output to `line`. A cancellation ends it with all processes it has started.
    pub async fn run(
        &self,
        engine: &Engine,
        project: &Project<'_>,
        arguments: &[&str],
        cancel: &CancellationToken,
        mut line: impl FnMut(String),
    ) -> Result<(), Failure> {
        let mut command = self.command(engine, project, arguments)?;
        let mut child = command.spawn().map_err(|error| {
            Failure::new("no-compose", format!("`{}` cannot be started: {error}", self.program.join(" ")))
        })?;
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let (sender, mut lines) = tokio::sync::mpsc::channel::<String>(64);
        let readers = [
            out.map(|out| tokio::spawn(read(out, sender.clone()))),
            err.map(|err| tokio::spawn(read(err, sender))),
        ];
        let mut last: Vec<String> = Vec::new();
        let mut cancelled = false;
        loop {
            tokio::select! {
                () = cancel.cancelled(), if !cancelled => {
                    cancelled = true;
                    end(&mut child).await;
                    break;
                }
                said = lines.recv() => match said {
                    Some(said) => {
                        if last.len() >= KEPT_LINES {
                            last.remove(0);
                        }
                        last.push(said.clone());
                        line(said);
                    }
                    None => break,
                },
            }
        }
        let status = child.wait().await;
        for reader in readers.into_iter().flatten() {
            reader.abort();
        }
        if cancelled {
            return Err(Failure::cancelled());
        }
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(Failure::new(
                "compose-failed",
                format!("compose ended with {status}: {}", last.join("\n")),
            )),
            Err(error) => Err(Failure::new("compose-failed", format!("compose was lost: {error}"))),
        }
    }

    fn command(
        &self,
        engine: &Engine,
        project: &Project<'_>,
        arguments: &[&str],
    ) -> Result<Command, Failure> {
        let (program, before) =
            self.program.split_first().ok_or_else(|| Failure::new("no-compose", "no compose"))?;
        let mut command = Command::new(program);
        // The agent's own environment must neither be interpolated into a file nor configure compose.
        command.env_clear();
        for name in [
            "PATH",
            "HOME",
            "XDG_RUNTIME_DIR",
            "DOCKER_CONFIG",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "http_proxy",
            "https_proxy",
            "no_proxy",
        ] {
            if let Some(value) = env::var_os(name) {
                command.env(name, value);
            }
        }
        // System units have no HOME, where compose looks for the logins of registries.
        if env::var_os("HOME").is_none() && rustix::process::geteuid().is_root() {
            command.env("HOME", "/root");
        }
        command.envs(project.variables);
        command
            .env("DOCKER_HOST", format!("unix://{}", engine.socket.display()))
            .env("COMPOSE_ANSI", "never")
            .env("COMPOSE_PROGRESS", "plain")
            .env("COMPOSE_PROFILES", project.profiles)
            .env("COMPOSE_HTTP_TIMEOUT", "300")
            .env("PYTHONUNBUFFERED", "1");
        command.args(before).arg("-p").arg(project.name).arg("-f").arg(project.file);
        // An empty env file, because compose must not read `.env`: the variables are already in the file, and COMPOSE_FILE in
        // `.env` would replace it. The older compose accepts only a regular file.
        let no_variables = project.file.with_extension("env");
        crate::agent::files::write(&no_variables, b"")?;
        command.arg("--project-directory").arg(project.folder).arg("--env-file").arg(no_variables);
        command.args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.current_dir(project.folder).process_group(0).kill_on_drop(true);
        Ok(command)
    }
}

async fn version(command: &[&str]) -> Option<String> {
    let (program, arguments) = command.split_first()?;
    let run = Command::new(program).args(arguments).stdin(Stdio::null()).kill_on_drop(true).output();
    let output = tokio::time::timeout(Duration::from_secs(20), run).await.ok()?.ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().trim_start_matches('v').to_owned();
    (output.status.success() && text.starts_with(|c: char| c.is_ascii_digit())).then_some(text)
}

async fn read(stream: impl AsyncRead + Unpin, sender: tokio::sync::mpsc::Sender<String>) {
    let mut lines = BufReader::new(stream).split(b'\n');
    while let Ok(Some(bytes)) = lines.next_segment().await {
        let text = String::from_utf8_lossy(&bytes);
        // Progress bars overwrite their line; only the last version is used.
        let text = text.rsplit('\r').find(|part| !part.trim().is_empty()).unwrap_or_default();
        let text: String = text.chars().filter(|c| !c.is_control()).take(LONGEST_LINE).collect();
        if !text.trim().is_empty() && sender.send(text.trim_end().to_owned()).await.is_err() {
            return;
        }
    }
}

/// Sends SIGTERM, then SIGKILL, to the whole process group.
async fn end(child: &mut Child) {
    let Some(group) = child.id().and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?))
    else {
        return;
    };
    let _ = rustix::process::kill_process_group(group, rustix::process::Signal::TERM);
    if tokio::time::timeout(Duration::from_secs(10), child.wait()).await.is_err() {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        let _ = child.wait().await;
    }
}

/// Ends a compose process that an earlier run of the agent left behind: two at once on the same stack would undo each other's
/// changes.
pub async fn end_orphan(effective_file: &Path) {
    let Some(file) = effective_file.to_str() else { return };
    for signal in [rustix::process::Signal::TERM, rustix::process::Signal::KILL] {
        let mut left = working_on(file);
        if left.is_empty() {
            return;
        }
        tracing::info!("stopping a compose process that an earlier run of the agent left behind");
        for pid in left.drain(..) {
            let _ = rustix::process::kill_process(pid, signal);
        }
        for _ in 0..50 {
            if working_on(file).is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// Processes that were started with this file. Only the agent uses this path.
fn working_on(file: &str) -> Vec<rustix::process::Pid> {
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    let of_file = |pid: &i32| {
        let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).split('\0').any(|part| part == file)
    };
    processes
        .filter_map(|process| process.ok()?.file_name().to_str()?.parse::<i32>().ok())
        .filter(of_file)
        .filter_map(rustix::process::Pid::from_raw)
        .collect()
}
