//! Networks that a service joins without a declaration.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule, names},
    },
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::compose("network-unknown")], look };

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    if input.is_open() {
        return;
    }
    let declared = names(&model.networks);
    for service in &model.services {
        for membership in &service.networks {
            let Some(name) = input.judged(&membership.network) else { continue };
            let name = name.as_ref();
            // `default` exists without a declaration.
            if name == "default" || declared.contains(name) {
                continue;
            }
            let guess = input.guess(name, model.networks.iter().map(|one| one.name.as_str()));
            let message = format!(
                "`{}` joins the network `{name}`, which isn't declared under `networks`.{guess} Declare it.",
                service.name
            );
            let finding =
                input.finding("network-unknown", Severity::Error, membership.place, message).with_fix(
                    format!("Declare the network `{name}`"),
                    Edit::AddNetwork { network: name.to_owned(), internal: false },
                );
            input.add(finding.of_service(&service.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, marked, none, one};

    #[test]
    fn an_undeclared_network_is_named_and_can_be_declared() {
        let text = "services:\n  web:\n    image: a:1\n    networks:\n      - backend\n";
        assert_eq!(marked(text, &one(text, "network-unknown")), "backend");
        assert!(fixed(text, "network-unknown").starts_with(text.trim_end()));
    }

    #[test]
    fn the_default_of_a_variable_counts() {
        let text = "services:\n  web:\n    image: a:1\n    networks: ['${N:-back}']\n";
        assert!(one(text, "network-unknown").message.contains("`back`"));
        none(&format!("{text}networks: {{back: }}\n"), "network-unknown");
        none(&text.replace(":-back", ""), "network-unknown");
    }

    #[test]
    fn default_needs_no_declaration() {
        none("services:\n  web:\n    image: a:1\n    networks: [default]\n", "network-unknown");
    }

    #[test]
    fn an_included_file_may_declare_it() {
        none(
            "include: [net.yml]\nservices:\n  web:\n    image: a:1\n    networks: [backend]\n",
            "network-unknown",
        );
    }
}
