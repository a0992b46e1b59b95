//! Mounts of folders that decide who controls the host.

use super::host_folders::HostFolders;
use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    finding::Severity,
    rights::{Exposure, exposure, leads_to_socket},
};

pub const RULE: Rule = Rule { codes: &[Code::advice("sensitive-mount").security()], look };

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    let folders = HostFolders::of(model);
    for service in &model.services {
        for mount in &service.volumes {
            if input.is_full() {
                return;
            }
            let Some(source) = folders.behind(mount) else { continue };
            if leads_to_socket(&source) {
                continue;
            }
            let name = &service.name;
            let (severity, message) = match exposure(&source, mount.read_only) {
                None => continue,
                Some(Exposure::Control(what)) => (
                    Severity::Warning,
                    format!(
                        "This mount opens {what} to `{name}`, and to whoever takes it over. Mount only the files that it needs."
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
    fn a_volume_that_is_a_folder_of_the_host_counts() {
        let volume =
            |options: &str| format!("{}volumes:\n  data:\n    driver_opts: {options}\n", stack("data:/x"));
        one(&volume("{type: none, o: bind, device: /etc}"), CODE);
        none(&volume("{type: none, o: bind, device: /srv/data}"), CODE);
        none(&volume("{type: nfs, o: addr=10.0.0.1, device: /etc}"), CODE);
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
