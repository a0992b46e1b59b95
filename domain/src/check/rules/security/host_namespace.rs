//! Services that share a namespace with the host.

use super::filled;
use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    finding::Severity,
    rights::{NAMESPACES, Sharing},
};

pub const RULE: Rule = Rule {
    codes: &[Code::advice("host-namespace").security(), Code::advice("host-network").security()],
    look,
};

fn look(input: &mut CheckInput<'_>) {
    for (service, body) in input.services() {
        for namespace in NAMESPACES {
            if input.is_full() {
                return;
            }
            let Some(node) = body.get(namespace.key) else { continue };
            let Some(mode) = filled(node) else { continue };
            if namespace.sharing(&mode) != Sharing::Host {
                continue;
            }
            let (code, severity, advice) = match namespace.name {
                "network" => (
                    "host-network",
                    Severity::Hint,
                    "Publish the `ports` it needs instead, unless it has to find devices in your network.",
                ),
                _ => (
                    "host-namespace",
                    Severity::Warning,
                    "Remove the line unless the program can't work without it.",
                ),
            };
            let message =
                format!("With `{}: host`, `{}` {}. {advice}", namespace.key, service.name, namespace.shows);
            let finding = input.finding(code, severity, node.here(), message);
            input.add(finding.of_service(&service.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{marked, none, one};

    fn stack(line: &str) -> String {
        format!("services:\n  app:\n    image: app:1\n    {line}\n")
    }

    #[test]
    fn each_namespace_of_the_host_is_found() {
        for key in ["pid", "ipc", "userns_mode", "cgroup", "uts"] {
            let text = stack(&format!("{key}: host"));
            assert_eq!(marked(&text, &one(&text, "host-namespace")), "host");
        }
        one(&stack("network_mode: host"), "host-network");
    }

    #[test]
    fn namespaces_of_the_stack_are_fine() {
        for line in [
            "pid: service:db",
            "ipc: shareable",
            "network_mode: bridge",
            "network_mode: ${MODE}",
            "userns_mode: auto",
        ] {
            none(&stack(line), "host-namespace");
            none(&stack(line), "host-network");
        }
    }
}
