//! Two mounts on one path of a container.
//!
//! Of several entries of `volumes`, Compose keeps the last one. It rejects a `tmpfs` beside any other mount.

use std::collections::{HashMap, HashSet};

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::{
        Service,
        mounts::mount_point,
        variables::with_defaults,
        yaml::{Node, Value},
    },
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::compose("mount-twice"), Code::advice("mount-hidden")], look };

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    for service in &model.services {
        let lines = tmpfs(input, service);
        hidden(input, service, &lines);
    }
}

/// Checks `tmpfs`, and returns its paths with their lines.
fn tmpfs(input: &mut CheckInput<'_>, service: &Service) -> HashMap<String, String> {
    let (mut lines, mut texts) = (HashMap::new(), HashSet::new());
    let Some(node) = input.model.root.at(&["services", service.name.as_str(), "tmpfs"]) else { return lines };
    let items: &[Node] = match &node.value {
        Value::Sequence(items) => items,
        _ => std::slice::from_ref(node),
    };
    for item in items {
        let Some(text) = item.text().and_then(|text| with_defaults(&text)) else { continue };
        let path = text.split(':').next().unwrap_or_default().to_owned();
        // Compose drops what is written twice in the same way.
        if !texts.insert(text) {
            continue;
        }
        match lines.get(&path) {
            Some(line) => {
                let message =
                    format!("`{path}` is a `tmpfs` twice (first on line {line}). Remove one of them.");
                let finding = input.finding("mount-twice", Severity::Error, item.here(), message);
                input.add(finding.of_service(&service.name));
            }
            None => {
                lines.insert(path, input.line(item.here()));
            }
        }
    }
    lines
}

fn hidden(input: &mut CheckInput<'_>, service: &Service, tmpfs: &HashMap<String, String>) {
    let mut last: HashMap<String, usize> = HashMap::new();
    for (at, mount) in service.volumes.iter().enumerate() {
        let Some(path) = mount_point(&mount.target) else { continue };
        if let Some(line) = tmpfs.get(&path) {
            let message = format!(
                "`{path}` is also a `tmpfs` (line {line}). Remove one of them, or mount it elsewhere."
            );
            let finding = input.finding("mount-twice", Severity::Error, mount.place, message);
            input.add(finding.of_service(&service.name));
        }
        if let Some(earlier) = last.insert(path.clone(), at).and_then(|earlier| service.volumes.get(earlier))
        {
            let line = input.line(mount.place);
            let message = format!(
                "Nothing is mounted here: line {line} mounts `{path}` again, and the last one counts."
            );
            let edit = Edit::RemoveVolume { service: service.name.clone(), index: earlier.index };
            let finding = input
                .finding("mount-hidden", Severity::Warning, earlier.place, message)
                .with_fix("Remove this mount", edit);
            input.add(finding.of_service(&service.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, marked, none, one};

    fn service(lines: &str) -> String {
        format!("services:\n  a:\n    image: a:1\n{lines}volumes:\n  data:\n  cache:\n")
    }

    #[test]
    fn a_tmpfs_excludes_every_other_mount_of_its_path() {
        let text = service("    volumes: [data:/y/]\n    tmpfs: /y\n");
        assert_eq!(marked(&text, &one(&text, "mount-twice")), "data:/y/");
        let text = service("    tmpfs: [/y, '${T:-/y}:size=1m']\n");
        assert_eq!(marked(&text, &one(&text, "mount-twice")), "'${T:-/y}:size=1m'");
        none(&service("    volumes: [data:/y]\n    tmpfs: [/z, /z, '${T}']\n"), "mount-twice");
    }

    #[test]
    fn of_two_volumes_the_first_is_not_mounted() {
        let text = service("    volumes:\n      - data:/y # old\n      - cache:/y\n");
        assert_eq!(marked(&text, &one(&text, "mount-hidden")), "data:/y");
        assert!(!fixed(&text, "mount-hidden").contains("data:/y"));
        none(&service("    volumes: [data:/y, cache:/z]\n"), "mount-hidden");
    }
}
