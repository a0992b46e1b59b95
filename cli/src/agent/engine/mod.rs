//! The container engine of the host, through Docker's API on its unix socket, which Podman also provides.

pub mod compose;
pub mod compose_missing;
pub mod containers;
pub mod inventory;
mod listeners;
pub mod logins;
mod missing;
pub mod podman_health;
mod pull;
pub mod shared;
mod states;

use std::{
    env,
    os::unix::fs::FileTypeExt,
    path::{Path, PathBuf},
    time::Duration,
};

use bollard::{API_DEFAULT_VERSION, Docker};
pub use missing::{engine_missing, has_systemd};

use super::failure::Failure;

/// A call that takes longer has failed.
const TIMEOUT_SECS: u64 = 120;
/// A running engine answers its first call within this time.
const GREETING: Duration = Duration::from_secs(10);

/// Clones share one connection.
#[derive(Clone)]
pub struct Engine {
    pub docker: Docker,
    pub socket: PathBuf,
    /// Name and version: `docker 28.2.2`, `podman 4.3.1`.
    pub name: String,
    pub is_podman: bool,
}

impl Engine {
    /// Connects to the first engine that answers, at `DOCKER_HOST` or one of the usual places.
    pub async fn connect() -> Option<Self> {
        for socket in places() {
            if let Some(engine) = Self::connect_to(&socket).await {
                return Some(engine);
            }
        }
        None
    }

    async fn connect_to(socket: &Path) -> Option<Self> {
        let is_socket = socket.metadata().is_ok_and(|metadata| metadata.file_type().is_socket());
        if !is_socket {
            return None;
        }
        let docker = Docker::connect_with_unix(socket.to_str()?, TIMEOUT_SECS, API_DEFAULT_VERSION).ok()?;
        let greeted = async {
            let docker = docker.negotiate_version().await?;
            let version = docker.version().await?;
            Ok::<_, bollard::errors::Error>((docker, version))
        };
        let greeted = tokio::time::timeout(GREETING, greeted).await.ok()?;
        let (docker, version) = greeted
            .inspect_err(|error| tracing::debug!("no engine behind {}: {error}", socket.display()))
            .ok()?;
        let components = version.components.unwrap_or_default();
        let is_podman = components.iter().any(|part| part.name.to_ascii_lowercase().contains("podman"));
        let name = if is_podman { "podman" } else { "docker" };
        let name = format!("{name} {}", version.version.unwrap_or_default());
        Some(Self { docker, socket: socket.to_owned(), name: name.trim().to_owned(), is_podman })
    }

    pub async fn answers(&self) -> bool {
        tokio::time::timeout(GREETING, self.docker.ping()).await.is_ok_and(|answer| answer.is_ok())
    }
}

/// Sockets to try, in order.
fn places() -> Vec<PathBuf> {
    let named = env::var("DOCKER_HOST").ok().filter(|host| !host.is_empty());
    if let Some(host) = named {
        // Only a unix socket: an engine on another machine belongs to another host.
        return host.strip_prefix("unix://").map(PathBuf::from).into_iter().collect();
    }
    let runtime = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let mut places = vec![PathBuf::from("/var/run/docker.sock")];
    places.extend(runtime.iter().map(|folder| folder.join("docker.sock")));
    places.push(PathBuf::from("/run/podman/podman.sock"));
    places.extend(runtime.iter().map(|folder| folder.join("podman/podman.sock")));
    places
}

impl From<bollard::errors::Error> for Failure {
    fn from(error: bollard::errors::Error) -> Self {
        let code = match &error {
            bollard::errors::Error::DockerResponseServerError { status_code: 404, .. } => "not-found",
            _ => "engine",
        };
        Self::new(code, format!("the container engine says: {error}"))
    }
}
