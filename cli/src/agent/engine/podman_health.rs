//! Podman runs health checks with timers of systemd. Without systemd, containers would stay "starting" forever, so the agent runs
//! the checks of its stacks itself. Podman's own API is not part of Docker's, so this file sends its own requests to the socket.

use std::{collections::HashMap, path::Path, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
    time::Instant,
};

use super::{Engine, containers::Container, has_systemd};
use domain::deploy::ContainerState;

/// The time of each container's last check.
#[derive(Default)]
pub struct Checks {
    at: HashMap<String, Instant>,
}

/// Whether the agent must run the health checks.
pub fn is_needed(engine: &Engine) -> bool {
    engine.is_podman && !has_systemd()
}

impl Checks {
    /// Runs the checks that are due.
    pub async fn run_due(&mut self, engine: &Engine, containers: &[Container]) {
        let now = Instant::now();
        self.at.retain(|id, _| containers.iter().any(|container| container.id == *id));
        for container in containers {
            let Some(interval) =
                container.check_interval.filter(|_| container.state == ContainerState::Running)
            else {
                continue;
            };
            let interval = Duration::from_nanos(u64::try_from(interval).unwrap_or(30_000_000_000))
                .max(Duration::from_millis(500));
            let due = self.at.get(&container.id).is_none_or(|at| now.duration_since(*at) >= interval);
            if due {
                self.at.insert(container.id.clone(), now);
                let check = ask(&engine.socket, &container.id);
                if let Ok(Err(error)) = tokio::time::timeout(Duration::from_secs(40), check).await {
                    tracing::debug!("the health check of {} cannot be run: {error}", container.name);
                }
            }
        }
    }
}

/// <https://docs.podman.io/en/latest/_static/api.html#tag/containers/operation/ContainerHealthcheckLibpod>
async fn ask(socket: &Path, id: &str) -> std::io::Result<()> {
    let mut stream = UnixStream::connect(socket).await?;
    let request = format!("GET /v4.0.0/libpod/containers/{id}/healthcheck HTTP/1.0\r\nHost: engine\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(64 * 1024).read_to_end(&mut answer).await?;
    Ok(())
}
