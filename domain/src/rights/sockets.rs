//! Sockets of container engines. Access to any of them equals root on the host.

use super::{is_within, normal};

/// The usual places. Below the last one are the sockets of engines that run without root.
pub const SOCKETS: [&str; 9] = [
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/var/run/podman/podman.sock",
    "/run/podman/podman.sock",
    "/var/run/containerd/containerd.sock",
    "/run/containerd/containerd.sock",
    "/var/run/crio/crio.sock",
    "/run/crio/crio.sock",
    OF_USERS,
];

const OF_USERS: &str = "/run/user";

const NAMES: [&str; 4] = ["docker.sock", "podman.sock", "containerd.sock", "crio.sock"];

/// Whether one of two normalised paths is the other, or contains it.
pub fn overlaps(path: &str, other: &str) -> bool {
    is_within(path, other) || is_within(other, path)
}

/// Whether a path, as written in a file, is such a socket or a folder that usually contains one. The root folder, which contains
/// everything, does not count. Other than for [`overlaps`], a file of a user's runtime folder counts only if it is named like a
/// socket.
pub fn leads_to_socket(path: &str) -> bool {
    let last = path.rsplit(['/', '\\']).next().unwrap_or_default();
    if NAMES.contains(&last) || (path.contains("pipe") && last == "docker_engine") {
        return true;
    }
    let Some(path) = normal(path).filter(|path| path != "/") else { return false };
    let of_user = path.strip_prefix(OF_USERS).is_some_and(|rest| rest.matches('/').count() == 1);
    of_user || (path != "/var" && SOCKETS.iter().any(|socket| is_within(socket, &path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_are_found_by_their_name_and_through_folders_above_them() {
        for path in [
            "/var/run/docker.sock",
            "/run",
            "/var/run/",
            "/run/podman",
            "/run/user/1000",
            "/run/user/1000/podman/podman.sock",
            "./docker.sock",
            "//./pipe/docker_engine",
            "\\\\.\\pipe\\docker_engine",
        ] {
            assert!(leads_to_socket(path), "{path}");
        }
        for path in ["/", "/var", "/run/user/1000/pulse/native", "/run/dbus", "./run", "docker.sock.d"] {
            assert!(!leads_to_socket(path), "{path}");
        }
    }
}
