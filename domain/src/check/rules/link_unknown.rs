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
        let links = service.links.iter().map(|link| ("link-unknown", link));
        let mode = service.network_mode.iter().map(|mode| ("network-mode-unknown", mode));
        for (code, written) in links.chain(mode) {
            let Some(text) = input.judged(&written.value) else { continue };
            let name = match code {
                "link-unknown" => text.split(':').next(),
                _ => text.strip_prefix("service:"),
            };
            let Some(name) = name.filter(|name| input.service(name).is_none()) else { continue };
            let guess = input.guess_service(name);
            let what = if code == "link-unknown" { "links to" } else { "shares the network of" };
            let message = format!(
                "`{}` {what} `{name}`, which doesn't exist.{guess} Services in the same network reach each other by name \
                 without this.",
                service.name
            );
            let mut finding =
                input.finding(code, Severity::Error, written.place, message).of_service(&service.name);
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
    fn the_default_of_a_variable_counts() {
        let text = "services:\n  web:\n    image: a:1\n    links: ['${L:-db:d}']\n";
        assert!(one(text, "link-unknown").message.contains("`db`"));
        none(&text.replace(":-db:d", ""), "link-unknown");
        one(
            "services:\n  web:\n    image: a:1\n    network_mode: ${N:-service:db}\n",
            "network-mode-unknown",
        );
    }

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
