//! Entries of `ports` that cannot be parsed.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    finding::Severity,
};

pub const RULE: Rule = Rule { codes: &[Code::compose("port-invalid")], look };

fn look(input: &mut CheckInput<'_>) {
    for service in &input.model.services {
        for port in &service.ports {
            let Some(problem) = &port.problem else { continue };
            let message = format!("{problem}. Write `host:container`, such as `8080:80` or `53:53/udp`.");
            let finding = input.finding("port-invalid", Severity::Error, port.place, message);
            input.add(finding.on_basis(port.problem_basis).of_service(&service.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{
        Basis,
        testing::{marked, none, one},
    };

    #[test]
    fn a_port_that_is_no_number_is_named() {
        let text = "services:\n  a:\n    image: a:1\n    ports:\n      - \"http:80\"\n";
        let finding = one(text, "port-invalid");
        assert_eq!(marked(text, &finding), "\"http:80\"");
        assert!(finding.message.contains("`http`"), "{}", finding.message);
    }

    #[test]
    fn what_only_the_engine_refuses_is_said_so() {
        for (port, basis) in [
            ("{target: 80, published: http}", Basis::Runtime),
            ("{target: 70000}", Basis::Runtime),
            ("{target: 80-90}", Basis::Compose),
            ("{published: 80}", Basis::Compose),
        ] {
            let text = format!("services:\n  a:\n    image: a:1\n    ports:\n      - {port}\n");
            assert_eq!(one(&text, "port-invalid").basis, basis, "{port}");
        }
    }

    #[test]
    fn a_variable_may_become_a_port() {
        none("services:\n  a:\n    image: a:1\n    ports:\n      - \"${PORT}:80\"\n", "port-invalid");
    }
}
