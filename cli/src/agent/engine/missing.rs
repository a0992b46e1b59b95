//! Why no engine answers: what is installed, and whether its socket may be used. Words and commands for it are in
//! `domain::deploy::EngineMissing`.

use std::{
    env,
    ffi::OsString,
    io::ErrorKind,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
};

use domain::deploy::{EngineMissing, WhyMissing};

use super::places;

/// Called when no engine answers.
pub fn engine_missing() -> EngineMissing {
    EngineMissing {
        why: why(&places(), env::var_os("PATH")),
        as_root: rustix::process::geteuid().is_root(),
        systemd: has_systemd(),
    }
}

/// Whether systemd runs the host: <https://www.freedesktop.org/software/systemd/man/latest/sd_booted.html>
pub fn has_systemd() -> bool {
    Path::new("/run/systemd/system").is_dir()
}

fn why(sockets: &[PathBuf], path: Option<OsString>) -> WhyMissing {
    let refused = |socket: &PathBuf| {
        UnixStream::connect(socket).is_err_and(|error| error.kind() == ErrorKind::PermissionDenied)
    };
    let path = path.unwrap_or_default();
    // A service may have a shorter PATH than people.
    let folders = || env::split_paths(&path).chain(["/usr/bin", "/usr/sbin", "/sbin"].map(PathBuf::from));
    let is_installed = |program: &str| folders().any(|folder| folder.join(program).is_file());
    // `docker` alone may be a client of an engine elsewhere, or Podman under another name.
    match () {
        () if sockets.iter().any(refused) => WhyMissing::NotAllowed,
        () if is_installed("dockerd") => WhyMissing::DockerStopped,
        () if is_installed("podman") => WhyMissing::PodmanWithoutSocket,
        () => WhyMissing::NotInstalled,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn podman_without_its_service_is_told_from_nothing_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = Some(folder.path().as_os_str().to_owned());
        let no_socket = [folder.path().join("podman.sock")];
        fs::write(folder.path().join("podman"), "").unwrap();
        let found = why(&no_socket, path.clone());
        // The machine of the test may have Docker itself.
        assert!(matches!(found, WhyMissing::PodmanWithoutSocket | WhyMissing::DockerStopped), "{found:?}");
        fs::write(folder.path().join("dockerd"), "").unwrap();
        assert_eq!(why(&no_socket, path), WhyMissing::DockerStopped);
    }
}
