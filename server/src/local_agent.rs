//! Runs the agent of this machine as a child process while a container engine answers here.
//!
//! The agent is the same program as on any other host and joins in the same way: with an enrolment code, over HTTP. Its folder is
//! `agent` in the data folder. It stops with the server, and the server restarts it when it dies.

use std::{
    env,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context as _, bail};
use domain::access::{Caller, Role};
use serde::Deserialize;
use stacker::{config::Settings, local_operator::local_operator, services::Services};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::UnixStream,
    process::{Child, Command},
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const PROGRAM: &str = "stacker";
const FOLDER: &str = "agent";
const CREDENTIALS: &str = "credentials.json";
/// A running engine answers at once, so a longer wait is pointless.
const PING_MAY_TAKE: Duration = Duration::from_secs(2);
/// The server keeps looking for an engine, because one can be installed or started while the server runs.
const LOOK_EVERY: Duration = Duration::from_secs(30);
const JOINING_MAY_TAKE: Duration = Duration::from_secs(30);
/// How long the agent has to stop before it is killed. Its journal makes both safe.
const STOPPING_MAY_TAKE: Duration = Duration::from_secs(2);
const SHORTEST_BACK_OFF: Duration = Duration::from_secs(1);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(60);
/// An agent that ran this long did not fail at its start.
const RAN_WELL: Duration = Duration::from_secs(60);

/// The agent of this machine: its owner, its folder, and the server it connects to.
pub struct LocalAgent {
    owner: Caller,
    folder: PathBuf,
    /// The address at which the agent reaches the server on this machine.
    server: String,
    services: Services,
}

impl LocalAgent {
    /// `None` when the settings disable it, or when it has no owner.
    pub fn new(settings: &Settings, services: Services, server: String) -> Option<Self> {
        if !settings.local_agent.enabled {
            return None;
        }
        let owner = match (settings.has_provider(), &settings.local_agent.owner) {
            (false, _) => local_operator(),
            (true, Some(owner)) => Caller::new(owner, Role::GroupUser, owner, None),
            (true, None) => return None,
        };
        Some(Self { owner, folder: settings.data_dir.join(FOLDER), server, services })
    }

    /// Keeps the agent running until `stop` is cancelled.
    pub async fn run(self, stop: CancellationToken) {
        let mut back_off = SHORTEST_BACK_OFF;
        while !stop.is_cancelled() {
            let started = Instant::now();
            let pause = match self.run_once(&stop).await {
                Ok(Ran::NothingToRun) => LOOK_EVERY,
                Ok(Ran::Ended) if started.elapsed() >= RAN_WELL => SHORTEST_BACK_OFF,
                Ok(Ran::Ended) => back_off,
                Err(error) => {
                    tracing::warn!(error = format!("{error:#}"), "the agent of this machine does not run");
                    back_off
                }
            };
            back_off = if started.elapsed() >= RAN_WELL {
                SHORTEST_BACK_OFF
            } else {
                (back_off * 2).min(LONGEST_BACK_OFF)
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    async fn run_once(&self, stop: &CancellationToken) -> anyhow::Result<Ran> {
        // If the agent is stopped while it joins, it joins again at the next start.
        let ready = tokio::select! {
            ready = self.be_ready() => ready?,
            () = stop.cancelled() => None,
        };
        let Some((socket, program)) = ready else { return Ok(Ran::NothingToRun) };
        let mut child = self
            .command(&program, &["run"])
            .env("DOCKER_HOST", format!("unix://{}", socket.display()))
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        tracing::info!(engine = %socket.display(), "the agent of this machine runs");
        tokio::select! {
            ended = child.wait() => {
                tracing::warn!(status = %ended.context("waiting for the agent")?, "the agent of this machine ended");
            }
            () = stop.cancelled() => end(child).await,
        }
        Ok(Ran::Ended)
    }

    /// Finds an engine that answers and the agent's program, and lets the agent join if it has not. `None` if either is missing.
    async fn be_ready(&self) -> anyhow::Result<Option<(PathBuf, PathBuf)>> {
        let Some(socket) = answering_engine().await else { return Ok(None) };
        let Some(program) = program() else {
            tracing::info!(
                "a container engine answers, but the program `{PROGRAM}` is not next to the server"
            );
            return Ok(None);
        };
        if !self.has_joined().await? {
            self.join(&program).await?;
        }
        Ok(Some((socket, program)))
    }

    /// Whether the credentials in the agent's folder are still valid for this server.
    async fn has_joined(&self) -> anyhow::Result<bool> {
        let path = self.folder.join(CREDENTIALS);
        let text = match tokio::fs::read(&path).await {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
        };
        let Ok(Joined { url, agent_id }) = serde_json::from_slice(&text) else { return Ok(false) };
        if url.trim_end_matches('/') != self.server {
            return Ok(false);
        }
        let hosts = self.services.hosts();
        let host = hosts.local(&self.owner).await?;
        Ok(hosts.has_agent(&self.owner, host, agent_id).await?)
    }

    async fn join(&self, program: &Path) -> anyhow::Result<()> {
        tokio::fs::create_dir_all(&self.folder)
            .await
            .with_context(|| format!("making {}", self.folder.display()))?;
        let code = self.services.hosts().enrol_local(&self.owner).await?.code;
        let joining = self
            .command(program, &["join", &self.server, "--replace", "--code", &code])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .output();
        let joined = timeout(JOINING_MAY_TAKE, joining).await.context("joining took too long")?;
        let joined = joined.with_context(|| format!("starting {}", program.display()))?;
        if !joined.status.success() {
            let told = String::from_utf8_lossy(&joined.stderr);
            bail!("it could not join: {}", told.trim().replace(&code, "…"));
        }
        Ok(())
    }

    fn command(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .arg("agent")
            .args(arguments)
            .arg("--data-dir")
            .arg(&self.folder)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }
}

enum Ran {
    /// No engine answers, or the agent's program is missing.
    NothingToRun,
    Ended,
}

/// The part of the agent's credentials that shows whether they are for this server.
#[derive(Deserialize)]
struct Joined {
    url: String,
    agent_id: Uuid,
}

async fn end(mut child: Child) {
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    if let Some(pid) = pid
        && let Err(error) = rustix::process::kill_process(pid, rustix::process::Signal::TERM)
    {
        tracing::debug!(%error, "the agent of this machine could not be told to stop");
    }
    if timeout(STOPPING_MAY_TAKE, child.wait()).await.is_err()
        && let Err(error) = child.kill().await
    {
        tracing::warn!(%error, "the agent of this machine could not be stopped");
    }
}

/// Looks for the program beside the server, where `make run` builds it, and then in `PATH`.
fn program() -> Option<PathBuf> {
    let beside = env::current_exe().ok().and_then(|server| Some(server.parent()?.join(PROGRAM)));
    let paths = env::var_os("PATH").unwrap_or_default();
    let in_path = env::split_paths(&paths).map(|folder| folder.join(PROGRAM));
    beside.into_iter().chain(in_path).find(|program| program.is_file())
}

/// The socket of the first engine that answers.
async fn answering_engine() -> Option<PathBuf> {
    for socket in sockets(env::var("DOCKER_HOST").ok(), env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from)) {
        if timeout(PING_MAY_TAKE, answers(&socket)).await.is_ok_and(|answer| answer.unwrap_or(false)) {
            return Some(socket);
        }
    }
    None
}

/// If `DOCKER_HOST` is set, its engine is the only candidate.
fn sockets(named: Option<String>, runtime_dir: Option<PathBuf>) -> Vec<PathBuf> {
    if let Some(named) = named.filter(|named| !named.is_empty()) {
        return named.strip_prefix("unix://").map(PathBuf::from).into_iter().collect();
    }
    let mut sockets = vec![PathBuf::from("/var/run/docker.sock"), PathBuf::from("/run/podman/podman.sock")];
    sockets.extend(runtime_dir.map(|folder| folder.join("podman/podman.sock")));
    sockets
}

/// Docker and Podman have the same API for this: <https://docs.docker.com/reference/api/engine/>
async fn answers(socket: &Path) -> std::io::Result<bool> {
    let mut stream = UnixStream::connect(socket).await?;
    stream.write_all(b"GET /_ping HTTP/1.0\r\nHost: localhost\r\n\r\n").await?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).await?;
    Ok(head.starts_with(b"HTTP/1.") && head.ends_with(b" 200"))
}

#[cfg(test)]
mod tests {
    use tokio::net::UnixListener;

    use super::*;

    #[test]
    fn an_engine_that_was_named_is_the_only_one_asked() {
        let named = |named: &str| sockets(Some(named.to_owned()), None);
        assert_eq!(named("unix:///run/x.sock"), [PathBuf::from("/run/x.sock")]);
        assert!(named("tcp://127.0.0.1:2375").is_empty());
        assert_eq!(sockets(None, Some(PathBuf::from("/run/user/7"))).len(), 3);
    }

    #[tokio::test]
    async fn only_what_answers_well_is_an_engine() {
        let folder = tempfile::tempdir().unwrap();
        for (name, answer, is_engine) in [
            ("docker", "HTTP/1.1 200 OK\r\n\r\nOK", true),
            ("broken", "HTTP/1.1 500 Oh\r\n\r\n", false),
            ("mute", "", false),
        ] {
            let socket = folder.path().join(name);
            let listener = UnixListener::bind(&socket).unwrap();
            tokio::spawn(async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                stream.write_all(answer.as_bytes()).await.unwrap();
            });
            assert_eq!(answers(&socket).await.unwrap_or(false), is_engine, "{name}");
        }
        assert!(answers(&folder.path().join("nobody")).await.is_err());
    }
}
