//! `network_mode` together with keys that it excludes.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule, service_path},
    },
    finding::{Basis, Severity},
    stack::Edit,
};

pub const RULE: Rule = Rule {
    codes: &[Code::compose("network-mode-with-networks"), Code::runtime("network-mode-with-ports")],
    look,
};

fn look(input: &mut CheckInput<'_>) {
    for service in &input.model.services {
        let Some(mode) = &service.network_mode else { continue };
        let Some(word) = input.judged(&mode.value) else { continue };
        let own_network = word == "bridge" || word == "default";
        if !service.networks.is_empty() {
            let message =
                format!("`{}` has both `network_mode` and `networks`. Keep one of them.", service.name);
            let finding =
                input.finding("network-mode-with-networks", Severity::Error, mode.place, message).with_fix(
                    "Remove `network_mode`",
                    Edit::RemoveKey { path: service_path(&service.name, "network_mode") },
                );
            input.add(finding.of_service(&service.name));
        }
        let Some(port) = service.ports.first().filter(|_| !own_network) else { continue };
        let (severity, reason) = match word.as_ref() {
            "host" => (Severity::Warning, "every port is open on the host already, so these are ignored"),
            "none" => (Severity::Warning, "without a network no port can be reached, so these are ignored"),
            _ => (
                Severity::Error,
                "the network belongs to another container, which must publish them, so this one can't start",
            ),
        };
        let message = format!("`{}` has `network_mode: {}`: {reason}. Remove the ports.", service.name, word);
        let finding = input
            .finding("network-mode-with-ports", severity, port.place, message)
            .on_basis(if severity == Severity::Error { Basis::Runtime } else { Basis::Advice })
            .with_fix("Remove `ports`", Edit::RemoveKey { path: service_path(&service.name, "ports") });
        input.add(finding.of_service(&service.name));
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{
        Severity,
        testing::{fixed, none, one},
    };

    fn stack(rest: &str) -> String {
        format!("services:\n  vpn:\n    image: a:1\n  web:\n    image: a:1\n{rest}")
    }

    #[test]
    fn ports_in_the_network_of_the_host_are_ignored() {
        let text = stack("    network_mode: host\n    ports: [\"80:80\"]\n");
        assert_eq!(one(&text, "network-mode-with-ports").severity, Severity::Warning);
        assert_eq!(fixed(&text, "network-mode-with-ports"), stack("    network_mode: host\n"));
    }

    #[test]
    fn ports_in_the_network_of_another_container_are_refused() {
        let text = stack("    network_mode: service:vpn\n    ports: [\"80:80\"]\n");
        assert_eq!(one(&text, "network-mode-with-ports").severity, Severity::Error);
    }

    #[test]
    fn networks_and_network_mode_rule_each_other_out() {
        let text = stack("    network_mode: host\n    networks: [default]\n");
        assert_eq!(fixed(&text, "network-mode-with-networks"), stack("    networks: [default]\n"));
    }

    #[test]
    fn a_bridge_publishes_ports() {
        none(&stack("    network_mode: bridge\n    ports: [\"80:80\"]\n"), "network-mode-with-ports");
    }
}
