//! Mounts of folders that decide who controls the host.

use crate::check::{
    code::Code,
    rule::{CheckInput, Rule},
};
use crate::{
    compose::{MountKind, variables::with_defaults},
    finding::Severity,
    rights::{Exposure, exposure, leads_to_socket},
};

pub const RULE: Rule = Rule { codes: &[Code::advice("sensitive-mount").security()], look };

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    for service in &model.services {
        for mount in service.volumes.iter().filter(|mount| mount.kind == MountKind::Bind) {
            if input.is_full() {
                return;
            }
            let Some(written) = mount.source.as_deref() else { continue };
            let Some(source) = with_defaults(&without_home(written)) else { continue };
            if leads_to_socket(&source) {
                continue;
            }
            let name = &service.name;
            let (severity, message) = match exposure(&source, mount.read_only) {
                None => continue,
                Some(Exposure::Control(what)) => (
                    Severity::Warning,
                    format!(
                        "This mount opens {what} to `{name}`: who controls `{name}` controls them too. Mount only the files that it needs."
                    ),
                ),
                Some(Exposure::View(what)) => (
                    Severity::Hint,
                    format!("`{name}` can read {what} here. Mount only the files that it needs."),
                ),
            };
            let finding = input.finding("sensitive-mount", severity, mount.place, message);
            input.add(finding.of_service(name));
        }
    }
}

/// The path with `~` for the home folder.
fn without_home(source: &str) -> String {
    let rest = ["${HOME}", "$HOME"].iter().find_map(|home| source.strip_prefix(home));
    match rest {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("~{rest}"),
        _ => source.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{
        Severity,
        testing::{marked, none, one},
    };

    const CODE: &str = "sensitive-mount";

    fn stack(mount: &str) -> String {
        format!("services:\n  app:\n    image: app:1\n    volumes:\n      - {mount}\n")
    }

    #[test]
    fn folders_that_decide_about_the_host_are_a_warning() {
        for mount in [
            "/:/host",
            "/:/host:ro",
            "/etc:/etc",
            "~/.ssh:/root/.ssh:ro",
            "${HOME}/.aws:/aws",
            "${DIR:-/usr}:/x",
            "/sys:/sys",
        ] {
            let text = stack(mount);
            let finding = one(&text, CODE);
            assert_eq!((finding.severity, marked(&text, &finding)), (Severity::Warning, mount));
        }
        one(&stack("{type: bind, source: /root, target: /x}"), CODE);
    }

    #[test]
    fn a_view_of_the_host_is_a_hint() {
        for mount in ["/proc:/host/proc:ro", "/sys:/host/sys:ro"] {
            assert_eq!(one(&stack(mount), CODE).severity, Severity::Hint, "{mount}");
        }
    }

    #[test]
    fn the_time_zone_and_folders_of_the_app_are_fine() {
        for mount in [
            "/etc/localtime:/etc/localtime:ro",
            "/etc/timezone:/etc/timezone:ro",
            "./data:/data",
            "data:/etc",
            "/srv/x:/x",
            "${DIR}:/x",
            "/var/run:/var/run",
        ] {
            none(&stack(mount), CODE);
        }
    }
}
