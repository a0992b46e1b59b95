//! Services that get the socket of the container engine.

use super::{engine_tools::is_engine_tool, host_folders::HostFolders, is_on};
use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::{Place, Service, yaml::Node},
    finding::Severity,
    rights::leads_to_socket,
};

pub const RULE: Rule = Rule {
    codes: &[
        Code::advice("engine-socket").security(),
        Code::advice("engine-socket-of-tool").strict().security(),
    ],
    look,
};

fn look(input: &mut CheckInput<'_>) {
    let folders = HostFolders::of(input.model);
    for (service, body) in input.services() {
        if input.is_full() {
            return;
        }
        let Some((place, what)) = access(&folders, service, body) else { continue };
        let name = &service.name;
        let is_tool = service.image.as_ref().is_some_and(|image| is_engine_tool(&image.value));
        let (code, severity, advice) = if is_tool {
            (
                "engine-socket-of-tool",
                Severity::Hint,
                "Its image is made for that. Keep its ports private, and consider a proxy that allows only some requests.",
            )
        } else {
            (
                "engine-socket",
                Severity::Warning,
                "Remove it, or put a proxy between them that allows only some requests. `:ro` doesn't help.",
            )
        };
        let message =
            format!("{what} `{name}` controls the container engine and so the whole host. {advice}");
        let finding = input.finding(code, severity, place, message);
        input.add(finding.of_service(name));
    }
}

/// Where the service gets access, and the beginning of the message.
fn access(folders: &HostFolders<'_>, service: &Service, body: &Node) -> Option<(Place, &'static str)> {
    let mounted = service
        .volumes
        .iter()
        .find(|mount| folders.behind(mount).is_some_and(|source| leads_to_socket(&source)));
    if let Some(mount) = mounted {
        return Some((mount.place, "With this mount,"));
    }
    let key = body.entry("use_api_socket").filter(|entry| is_on(&entry.value))?;
    Some((key.value.here(), "With `use_api_socket`,"))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{marked, none, one};

    const CODE: &str = "engine-socket";

    fn stack(image: &str, lines: &str) -> String {
        format!("services:\n  app:\n    image: {image}\n    {lines}\n")
    }

    #[test]
    fn the_socket_and_folders_above_it_are_found() {
        for source in [
            "/var/run/docker.sock",
            "/run",
            "/var/run",
            "${SOCK:-/var/run/docker.sock}",
            "/run/podman/podman.sock",
        ] {
            let text = stack("app:1", &format!("volumes: [\"{source}:/x:ro\"]"));
            let finding = one(&text, CODE);
            assert!(marked(&text, &finding).contains(source), "{source}");
        }
        one(&stack("app:1", "volumes: [{type: bind, source: /run/docker.sock, target: /x}]"), CODE);
        one(&stack("app:1", "use_api_socket: true"), CODE);
    }

    #[test]
    fn what_is_no_socket_is_fine() {
        for lines in [
            "use_api_socket: false",
            "volumes: [\"./run:/run\", \"docker.sock:/x\", \"/run/dbus:/run/dbus\"]",
        ] {
            none(&stack("app:1", lines), CODE);
        }
    }

    #[test]
    fn tools_that_work_with_the_engine_are_only_hinted_at() {
        let text =
            stack("docker.io/traefik:v3.6", "volumes: [\"/var/run/docker.sock:/var/run/docker.sock:ro\"]");
        none(&text, CODE);
        one(&text, "engine-socket-of-tool");
    }
}
