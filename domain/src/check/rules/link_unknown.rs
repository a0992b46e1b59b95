//! Links and network modes `service:…` that name missing services.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule, service_path},
    },
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule =
    Rule { codes: &[Code::compose("link-unknown"), Code::compose("network-mode-unknown")], look };

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    if input.is_open() {
        return;
    }
    for service in &model.services {
        let links =
            service.links.iter().map(|link| ("link-unknown", link.place, link.value.split(':').next()));
        let mode = service
            .network_mode
            .iter()
            .map(|mode| ("network-mode-unknown", mode.place, mode.value.strip_prefix("service:")));
        for (code, place, name) in links.chain(mode) {
            let Some(name) = name else { continue };
            if name.contains('$') || input.service(name).is_some() {
                continue;
            }
            let guess = input.guess_service(name);
            let what = if code == "link-unknown" { "links to" } else { "shares the network of" };
            let message = format!(
                "`{}` {what} `{name}`, which doesn't exist.{guess} Services in the same network reach each other by name \
                 without this.",
                service.name
            );
            let mut finding = input.finding(code, Severity::Error, place, message).of_service(&service.name);
            if code == "network-mode-unknown" {
                let edit = Edit::RemoveKey { path: service_path(&service.name, "network_mode") };
                finding = finding.with_fix("Remove `network_mode`", edit);
            }
            input.add(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, marked, none, one};

    #[test]
    fn links_need_their_service() {
        let text = "services:\n  web:\n    image: a:1\n    links:\n      - \"db:database\"\n";
        assert_eq!(marked(text, &one(text, "link-unknown")), "\"db:database\"");
        none("services:\n  web:\n    image: a:1\n    links: [db]\n  db:\n    image: b:1\n", "link-unknown");
    }

    #[test]
    fn a_shared_network_needs_its_service() {
        let text = "services:\n  web:\n    image: a:1\n    network_mode: service:vpn\n";
        assert_eq!(fixed(text, "network-mode-unknown"), "services:\n  web:\n    image: a:1\n");
        none("services:\n  web:\n    image: a:1\n    network_mode: host\n", "network-mode-unknown");
    }
}
