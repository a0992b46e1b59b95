//! Docker Compose, which starts the stacks, is missing on a host: which command installs it.
//!
//! The agent reports facts; words and commands are made here, so that no host decides what its owner is asked to paste.

use serde::{Deserialize, Serialize};

/// What the agent found on a host that has an engine and no compose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComposeMissing {
    pub packages: ComposePackages,
    /// Whether the agent runs as root.
    #[serde(default)]
    pub as_root: bool,
}

/// Where the host's packages come from: the name of the package differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ComposePackages {
    /// Docker's own repository, with apt.
    DockerApt,
    /// Docker's own repository, with dnf.
    DockerDnf,
    Debian,
    /// Ubuntu with Docker: its plugin serves no host that has only Podman.
    Ubuntu,
    Alpine,
    /// Anything else, also what a newer agent reports.
    #[serde(other)]
    Other,
}

impl ComposeMissing {
    /// What is wrong and what to do, in one or two sentences.
    pub fn advice(self) -> &'static str {
        match self.command() {
            Some(_) => {
                "Docker Compose, which starts the stacks, is not installed on this host. Install it; the agent finds it by itself:"
            }
            None => {
                "Docker Compose, which starts the stacks, is not installed on this host. Install the package of its distribution that provides `docker compose` or `docker-compose`; the agent finds it by itself."
            }
        }
    }

    /// The command that installs compose, for a shell on the host; `None`: the package is not known.
    pub fn command(self) -> Option<&'static str> {
        Some(match (self.packages, self.as_root) {
            (ComposePackages::DockerApt, true) => "apt-get update && apt-get install docker-compose-plugin",
            (ComposePackages::DockerApt, false) => {
                "sudo apt-get update && sudo apt-get install docker-compose-plugin"
            }
            (ComposePackages::DockerDnf, true) => "dnf install docker-compose-plugin",
            (ComposePackages::DockerDnf, false) => "sudo dnf install docker-compose-plugin",
            // The recommended packages include Docker itself, which a host with Podman does not need.
            (ComposePackages::Debian, true) => {
                "apt-get update && apt-get install --no-install-recommends docker-compose"
            }
            (ComposePackages::Debian, false) => {
                "sudo apt-get update && sudo apt-get install --no-install-recommends docker-compose"
            }
            (ComposePackages::Ubuntu, true) => "apt-get update && apt-get install docker-compose-v2",
            (ComposePackages::Ubuntu, false) => {
                "sudo apt-get update && sudo apt-get install docker-compose-v2"
            }
            (ComposePackages::Alpine, true) => "apk add docker-cli-compose",
            (ComposePackages::Alpine, false) => "doas apk add docker-cli-compose",
            (ComposePackages::Other, _) => return None,
        })
    }

    /// The same as one clause, for messages. Commands are between backticks.
    pub fn in_words(self) -> String {
        let how = match self.command() {
            Some(command) => format!("install it with `{command}`"),
            None => {
                "install the package of its distribution that provides `docker compose` or `docker-compose`"
                    .to_owned()
            }
        };
        format!("Docker Compose, which starts the stacks, is not installed on this host: {how}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_installs_the_package_of_the_distribution() {
        let root = ComposeMissing { packages: ComposePackages::DockerApt, as_root: true };
        assert_eq!(root.command(), Some("apt-get update && apt-get install docker-compose-plugin"));
        let user = ComposeMissing { packages: ComposePackages::Debian, as_root: false };
        assert_eq!(
            user.in_words(),
            "Docker Compose, which starts the stacks, is not installed on this host: install it with `sudo apt-get update && sudo apt-get install --no-install-recommends docker-compose`"
        );
    }

    #[test]
    fn no_command_is_named_where_the_package_is_not_known() {
        let read: ComposeMissing = serde_json::from_str(r#"{"packages": "moon-packages"}"#).unwrap();
        assert_eq!(read, ComposeMissing { packages: ComposePackages::Other, as_root: false });
        assert_eq!(read.command(), None);
        assert!(read.in_words().ends_with("or `docker-compose`"));
    }
}
