//! Whether compose is on the host and, if not, where the host's packages come from. Words and commands for it are in
//! `domain::deploy::ComposeMissing`.

use std::{fs, path::Path, time::Duration};

use domain::deploy::{ComposeMissing, ComposePackages};
use tokio::time::Instant;

use super::{Engine, compose::Compose};

/// For this long a compose that was found is not looked for again: each look starts a program.
const FOUND_FOR: Duration = Duration::from_secs(10 * 60);

/// Looks for compose now and then.
#[derive(Debug, Default)]
pub struct ComposeWatch {
    found_at: Option<Instant>,
}

impl ComposeWatch {
    /// `None`: compose is there.
    pub async fn missing(&mut self, engine: &Engine) -> Option<ComposeMissing> {
        if self.found_at.is_some_and(|at| at.elapsed() < FOUND_FOR) {
            return None;
        }
        self.found_at = Compose::installed().await.map(|_| Instant::now());
        self.found_at.is_none().then(|| compose_missing(engine))
    }
}

/// Called when compose is not on the host.
pub fn compose_missing(engine: &Engine) -> ComposeMissing {
    ComposeMissing {
        packages: packages(Path::new("/"), engine.is_podman),
        as_root: rustix::process::geteuid().is_root(),
    }
}

/// From what is on the host below `root`.
fn packages(root: &Path, is_podman: bool) -> ComposePackages {
    // Docker's own repository calls its client so, whatever the distribution is.
    if root.join("var/lib/dpkg/info/docker-ce-cli.list").is_file() {
        return ComposePackages::DockerApt;
    }
    if !is_podman && root.join("etc/yum.repos.d/docker-ce.repo").is_file() {
        return ComposePackages::DockerDnf;
    }
    let release = fs::read_to_string(root.join("etc/os-release")).unwrap_or_default();
    let id = release.lines().find_map(|line| line.strip_prefix("ID=")).unwrap_or_default();
    match id.trim_matches('"') {
        "debian" | "raspbian" => ComposePackages::Debian,
        "ubuntu" if !is_podman => ComposePackages::Ubuntu,
        "alpine" => ComposePackages::Alpine,
        _ => ComposePackages::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A host with these files.
    fn host(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn the_packages_are_those_that_docker_came_from_or_those_of_the_distribution() {
        let ubuntu = ("etc/os-release", "NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n");
        let docker_ce = ("var/lib/dpkg/info/docker-ce-cli.list", "");
        let of = |files: &[(&str, &str)], is_podman| packages(host(files).path(), is_podman);
        assert_eq!(of(&[ubuntu, docker_ce], false), ComposePackages::DockerApt);
        assert_eq!(of(&[ubuntu], false), ComposePackages::Ubuntu);
        assert_eq!(of(&[ubuntu], true), ComposePackages::Other, "its plugin needs Docker's client");
        assert_eq!(of(&[("etc/os-release", "ID=debian\n")], true), ComposePackages::Debian);
        assert_eq!(of(&[("etc/os-release", "ID=\"alpine\"\n")], false), ComposePackages::Alpine);
        let fedora = [("etc/os-release", "ID=fedora\n"), ("etc/yum.repos.d/docker-ce.repo", "")];
        assert_eq!(of(&fedora, false), ComposePackages::DockerDnf);
        assert_eq!(of(&fedora[..1], false), ComposePackages::Other);
        assert_eq!(of(&[], false), ComposePackages::Other);
    }
}
