//! The folders of the host behind the mounts of a service: bind mounts, and named volumes that are declared as a folder.

use std::collections::HashMap;

use super::filled;
use crate::{
    compose::{Model, Mount, MountKind, variables::with_defaults, yaml::Node},
    rights::{mount_flags, mounts_folder},
};

pub struct HostFolders<'m> {
    /// The folders behind named volumes.
    volumes: HashMap<&'m str, String>,
}

impl<'m> HostFolders<'m> {
    pub fn of(model: &'m Model) -> Self {
        let declared = model.root.get("volumes").map(Node::entries).unwrap_or_default();
        Self {
            volumes: declared
                .iter()
                .filter_map(|one| Some((one.key.as_str(), folder(&one.value)?)))
                .collect(),
        }
    }

    /// The path on the host, with variables replaced by their defaults and `~` for the home folder. `None` if the mount is no
    /// part of the host, or a variable has no default.
    pub fn behind(&self, mount: &Mount) -> Option<String> {
        match mount.kind {
            MountKind::Bind | MountKind::Npipe => with_defaults(&without_home(mount.source.as_deref()?)),
            MountKind::Volume => self.volumes.get(mount.volume_name()?.as_str()).cloned(),
            MountKind::Tmpfs | MountKind::Cluster | MountKind::Image => None,
        }
    }
}

fn folder(volume: &Node) -> Option<String> {
    let options = volume.get("driver_opts")?;
    let text = |key: &str| options.get(key).and_then(filled).unwrap_or_default();
    let device = options.get("device").and_then(Node::text)?;
    if !mounts_folder(&text("type"), &mount_flags(&text("o"))) {
        return None;
    }
    with_defaults(&without_home(&device))
}

fn without_home(source: &str) -> String {
    let rest = ["${HOME}", "$HOME"].iter().find_map(|home| source.strip_prefix(home));
    match rest {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("~{rest}"),
        _ => source.to_owned(),
    }
}
