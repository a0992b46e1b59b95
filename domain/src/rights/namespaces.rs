//! Namespaces that a container can share with the host or with another container.

pub struct Namespace {
    /// The key of a service.
    pub key: &'static str,
    /// The name of the namespace.
    pub name: &'static str,
    /// The values with which the container gets a namespace of its own.
    own: &'static [&'static str],
    /// What a container sees in the namespace of the host.
    pub shows: &'static str,
}

pub const NAMESPACES: &[Namespace] = &[
    Namespace {
        key: "network_mode",
        name: "network",
        own: &["bridge", "default", "none"],
        shows: "uses the network of the host: each of its ports is open there, and it reaches what listens on `localhost`",
    },
    Namespace {
        key: "pid",
        name: "pid",
        own: &["private"],
        shows: "sees the processes of the host, with their environment, and can end them if it runs as root",
    },
    Namespace {
        key: "ipc",
        name: "ipc",
        own: &["private", "shareable", "none"],
        shows: "can read and write the shared memory of programs on the host",
    },
    Namespace {
        key: "userns_mode",
        name: "userns",
        own: &["auto", "private"],
        shows: "runs with the user numbers of the host: root in the container is root on the host",
    },
    Namespace {
        key: "cgroup",
        name: "cgroup",
        own: &["private"],
        shows: "sees the control groups of the host and of all other containers",
    },
    Namespace {
        key: "uts",
        name: "uts",
        own: &["private"],
        shows: "shares the host name with the host and may be able to change it",
    },
];

/// What a value shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// Nothing, or with another service of the stack.
    Stack,
    /// With a container that need not belong to the stack.
    Container,
    Host,
    /// The value is not known.
    Unknown,
}

impl Namespace {
    pub fn sharing(&self, mode: &str) -> Sharing {
        if mode.is_empty() || self.own.contains(&mode) || mode.starts_with("service:") {
            Sharing::Stack
        } else if mode.starts_with("container:") {
            Sharing::Container
        } else if mode == "host" {
            Sharing::Host
        } else {
            Sharing::Unknown
        }
    }
}
