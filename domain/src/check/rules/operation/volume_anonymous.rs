//! Data in volumes without a name, which are hard to find once the container is gone.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::{Mount, MountKind, Service},
    finding::Severity,
    rights::is_within,
};

pub const RULE: Rule = Rule { codes: &[Code::advice("volume-anonymous")], look };

/// Folders that programs fill again by themselves.
const MADE_AGAIN: &[&str] = &[
    "node_modules",
    "vendor",
    "target",
    "cache",
    ".cache",
    ".next",
    "tmp",
    "venv",
    ".venv",
    "dist",
    "build",
];

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    for service in &model.services {
        for mount in &service.volumes {
            if input.is_full() {
                return;
            }
            if mount.kind != MountKind::Volume || mount.source.is_some() || !holds_data(service, mount) {
                continue;
            }
            let message = format!(
                "The data in `{0}` is lost with its container, because the volume has no name. Write `NAME:{0}` and declare the volume.",
                mount.target
            );
            let finding = input.finding("volume-anonymous", Severity::Hint, mount.place, message);
            input.add(finding.of_service(&service.name));
        }
    }
}

/// Whether somebody would miss the data. A volume inside a mounted folder only hides what is there.
fn holds_data(service: &Service, mount: &Mount) -> bool {
    let Some(path) = mount.mount_point() else { return false };
    let last = path.rsplit('/').next().unwrap_or_default();
    if MADE_AGAIN.contains(&last) {
        return false;
    }
    // Few services have many mounts; a file with more is not worth the time.
    !service.volumes.iter().take(50).any(|other| {
        other.kind == MountKind::Bind
            && other.mount_point().is_some_and(|above| above != path && is_within(&path, &above))
    })
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{marked, none, one};

    const CODE: &str = "volume-anonymous";

    fn stack(mounts: &str) -> String {
        format!("services:\n  db:\n    image: a:1\n    volumes: [{mounts}]\n")
    }

    #[test]
    fn data_without_a_name_is_found() {
        let text = stack("/var/lib/data");
        assert_eq!(marked(&text, &one(&text, CODE)), "/var/lib/data");
        one(&stack("{type: volume, target: /data}"), CODE);
    }

    #[test]
    fn folders_that_only_hide_others_or_are_made_again_are_fine() {
        for mounts in
            ["\"./:/app\", /app/data", "/srv/node_modules", "\"data:/data\"", "{type: tmpfs, target: /x}"]
        {
            none(&stack(mounts), CODE);
        }
    }
}
