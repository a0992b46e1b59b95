//! The policy rules about folders and volumes of the host in containers.

use super::{
    paths::Reach,
    policy_input::{PolicyInput, is_off, literal, text},
};
use crate::{
    compose::{MountKind, Service, mounts, yaml::Node},
    rights::{is_harmless, mount_flags, mounts_folder},
};

pub fn look(input: &mut PolicyInput<'_>, service: &Service, node: &Node) {
    let written = node.get("volumes").map(Node::items).unwrap_or_default();
    if written.len() != service.volumes.len()
        || node.get("volumes").is_some_and(|volumes| volumes.text().is_some())
    {
        input.refuse("bind_roots", "an entry of `volumes` isn't a valid volume");
    }
    for mount in &service.volumes {
        if let Some(text) = &mount.text
            && is_ambiguous(text)
        {
            input.refuse(
                "bind_roots",
                format!("the volume `{text}` can be read in more than one way: write it in the long form"),
            );
            continue;
        }
        let source = literal(mount.source.as_deref().unwrap_or_default());
        // The source may be a path, whatever type the mount declares.
        let is_path = !source.is_empty() && mounts::kind_of_source(&source) == MountKind::Bind;
        if mount.read_only && is_harmless(&source) {
            continue;
        }
        match mount.kind {
            MountKind::Bind => bind(input, &source),
            _ if is_path && mount.kind != MountKind::Image => bind(input, &source),
            MountKind::Volume | MountKind::Tmpfs | MountKind::Image => {}
            MountKind::Npipe | MountKind::Cluster => {
                input.refuse("bind_roots", format!("volumes of the type of `{}` are refused", mount.target));
            }
        }
    }
}

/// Whether engines may read the text differently: they disagree about a fourth part and about drive letters.
fn is_ambiguous(text: &str) -> bool {
    let text = literal(text);
    text.split(':').count() > 3 || text.starts_with(':') || text.contains('\\')
}

fn bind(input: &mut PolicyInput<'_>, source: &str) {
    match input.around.reach(source, &input.policy.bind_roots) {
        Reach::Allowed => {}
        Reach::Outside => input.refuse(
            "bind_roots",
            format!("`{source}` is outside the stack's folder; `bind_roots: [{source}]` would allow it"),
        ),
        Reach::Agent => input.refuse("bind_roots", format!("`{source}` is or contains the agent's own files; nothing allows that")),
        Reach::Socket if input.policy.allow_engine_socket => {}
        Reach::Socket => input.refuse(
            "allow_engine_socket",
            format!("`{source}` is or contains a socket that controls the container engine; `allow_engine_socket: true` would allow it"),
        ),
    }
}

/// The top-level `volumes`: drivers, and options that mount parts of the host.
pub fn declared_volumes(input: &mut PolicyInput<'_>) {
    let Some(volumes) = input.model.root.get("volumes") else { return };
    for entry in volumes.entries() {
        let name = &entry.key;
        owner(input, name, &entry.value);
        let driver = entry.value.get("driver").and_then(text).unwrap_or_default();
        if !driver.is_empty() && driver != "local" && !input.policy.allow_volume_drivers.contains(&driver) {
            input.refuse(
                "allow_volume_drivers",
                format!("volume `{name}`: the driver `{driver}` is refused; `allow_volume_drivers: [{driver}]` would allow it"),
            );
        }
        if let Some(options) = entry.value.get("driver_opts")
            && !options.is_null()
            && !input.policy.allow_volume_mounts
        {
            driver_options(input, name, options);
        }
    }
}

/// Forbids volumes of other stacks, which a file can reach with a freely chosen name. A volume that does not exist
/// yet is allowed.
fn owner(input: &mut PolicyInput<'_>, key: &str, body: &Node) {
    if input.policy.allow_other_containers {
        return;
    }
    let usual = format!("{}_{key}", input.around.stack);
    let external = body.get("external").filter(|external| !is_off(Some(external)));
    let named =
        external.and_then(|external| external.get("name")).or_else(|| body.get("name")).and_then(text);
    let name = match (named, external) {
        (Some(name), _) => name,
        (None, Some(_)) => key.to_owned(),
        (None, None) => usual.clone(),
    };
    let whose = match input.around.volumes.get(&name) {
        None => return,
        Some(Some(stack)) if stack == input.around.stack => return,
        Some(None) if name == usual => return,
        Some(Some(stack)) => format!("belongs to the stack `{stack}`"),
        Some(None) => "existed before this stack".to_owned(),
    };
    input.refuse(
        "allow_other_containers",
        format!("volume `{key}`: the volume `{name}` of this host {whose}; `allow_other_containers: true` would allow it"),
    );
}

/// Forbids `driver_opts`, except those that mount memory or an allowed folder.
/// <https://docs.docker.com/reference/cli/docker/volume/create/#driver-specific-options>
fn driver_options(input: &mut PolicyInput<'_>, name: &str, options: &Node) {
    let option = |key: &str| options.get(key).and_then(text).unwrap_or_default();
    let only = options.entries().iter().all(|entry| matches!(entry.key.as_str(), "type" | "o" | "device"));
    let (kind, device, flags) = (option("type"), option("device"), option("o"));
    let flags = mount_flags(&flags);
    let is_memory = kind == "tmpfs"
        && matches!(device.as_str(), "tmpfs" | "")
        && flags.iter().all(|flag| !flag.contains('/'));
    let is_bind = mounts_folder(&kind, &flags)
        && flags
            .iter()
            .all(|flag| matches!(*flag, "bind" | "rbind" | "ro" | "rw" | "nosuid" | "nodev" | "noexec"));
    if only && is_memory || options.entries().is_empty() && options.text().is_none() {
        return;
    }
    if only && is_bind {
        match input.around.reach(&device, &input.policy.bind_roots) {
            Reach::Allowed => return,
            Reach::Socket if input.policy.allow_engine_socket => return,
            Reach::Socket | Reach::Agent | Reach::Outside => {}
        }
    }
    input.refuse(
        "allow_volume_mounts",
        format!("volume `{name}`: its `driver_opts` mount `{device}` of this host; `allow_volume_mounts: true` would allow it"),
    );
}
