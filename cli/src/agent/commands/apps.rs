//! The words that clients know for the state of an app.

use domain::deploy::{ContainerState, Health};

use crate::agent::engine::containers::Container;

/// The state of an app: running, exited, starting, failed or unknown.
pub fn container_state(container: &Container) -> &'static str {
    match container.state {
        ContainerState::Running if container.health == Health::Starting => "starting",
        ContainerState::Running => "running",
        ContainerState::Created | ContainerState::Restarting => "starting",
        ContainerState::Exited | ContainerState::Paused => "exited",
        ContainerState::Dead => "failed",
        ContainerState::Missing => "unknown",
    }
}

/// The health of an app: ok, unhealthy or unknown.
pub fn health(container: &Container) -> &'static str {
    match (container.state, container.health) {
        (ContainerState::Running, Health::Healthy | Health::None) => "ok",
        (ContainerState::Running, Health::Starting) | (ContainerState::Created, _) => "unknown",
        _ => "unhealthy",
    }
}
