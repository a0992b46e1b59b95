//! Why no container engine answers on a host, and which command starts one.
//!
//! The agent reports facts; words and commands are made here, so that no host decides what its owner is asked to paste.

use serde::{Deserialize, Serialize};

/// What the agent found instead of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EngineMissing {
    pub why: WhyMissing,
    /// Whether the agent runs as root.
    #[serde(default)]
    pub as_root: bool,
    /// Whether systemd runs the host.
    #[serde(default)]
    pub systemd: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum WhyMissing {
    /// Neither Docker nor Podman is installed.
    NotInstalled,
    /// Docker is installed and does not answer.
    DockerStopped,
    /// Podman is installed, and its service, which owns the socket, does not run.
    PodmanWithoutSocket,
    /// There is a socket that the agent's user may not use.
    NotAllowed,
    /// Anything else, also what a newer agent reports.
    #[serde(other)]
    Unknown,
}

impl EngineMissing {
    /// What is wrong and what to do, in one or two sentences.
    pub fn advice(self) -> &'static str {
        match self.why {
            WhyMissing::NotInstalled => {
                "Neither Docker nor Podman is installed on this host. Install one of them; the agent finds it by itself."
            }
            WhyMissing::DockerStopped => "Docker is installed, but it doesn't run. Start it:",
            WhyMissing::PodmanWithoutSocket => {
                "Podman is installed, but its service doesn't run, so there is no socket to reach it. Start the service:"
            }
            WhyMissing::NotAllowed => {
                "A container engine is there, but the agent's user may not use its socket. Let the user in and start the agent again, or run the agent as root:"
            }
            WhyMissing::Unknown => "No container engine answers on this host. Start Docker or Podman there.",
        }
    }

    /// The command that starts the engine, for a shell on the host; `None`: there is no single one.
    pub fn command(self) -> Option<&'static str> {
        Some(match (self.why, self.systemd, self.as_root) {
            (WhyMissing::NotInstalled | WhyMissing::Unknown, ..) => return None,
            (WhyMissing::DockerStopped, true, true) => "systemctl enable --now docker",
            (WhyMissing::DockerStopped, true, false) => "sudo systemctl enable --now docker",
            (WhyMissing::DockerStopped, false, true) => "service docker start",
            (WhyMissing::DockerStopped, false, false) => "sudo service docker start",
            (WhyMissing::PodmanWithoutSocket, true, true) => "systemctl enable --now podman.socket",
            (WhyMissing::PodmanWithoutSocket, true, false) => "systemctl --user enable --now podman.socket",
            (WhyMissing::PodmanWithoutSocket, false, true) => {
                "mkdir -p /run/podman && nohup podman system service --time=0 unix:///run/podman/podman.sock >/dev/null 2>&1 &"
            }
            (WhyMissing::PodmanWithoutSocket, false, false) => {
                "mkdir -p \"$XDG_RUNTIME_DIR/podman\" && nohup podman system service --time=0 \"unix://$XDG_RUNTIME_DIR/podman/podman.sock\" >/dev/null 2>&1 &"
            }
            (WhyMissing::NotAllowed, ..) => "sudo usermod -aG docker \"$USER\"",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_runs_podman_without_its_service_is_told_the_command_that_starts_it() {
        let root = EngineMissing { why: WhyMissing::PodmanWithoutSocket, as_root: true, systemd: true };
        assert_eq!(root.command(), Some("systemctl enable --now podman.socket"));
        let user = EngineMissing { as_root: false, ..root };
        assert_eq!(user.command(), Some("systemctl --user enable --now podman.socket"));
        let container = EngineMissing { systemd: false, ..root };
        assert!(container.command().unwrap().contains("podman system service"));
        assert_eq!(EngineMissing { why: WhyMissing::NotInstalled, ..root }.command(), None);
    }

    #[test]
    fn a_reason_of_a_newer_agent_is_no_error() {
        let read: EngineMissing = serde_json::from_str(r#"{"why": "moon-phase", "systemd": true}"#).unwrap();
        assert_eq!((read.why, read.systemd, read.as_root), (WhyMissing::Unknown, true, false));
    }
}
