//! Dependencies on missing services, and of a service on itself.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule =
    Rule { codes: &[Code::compose("dependency-unknown"), Code::compose("dependency-self")], look };

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    for service in &model.services {
        for dependency in &service.depends_on {
            let written = dependency.service.as_str();
            let Some(name) = input.judged(written) else { continue };
            let name = name.as_ref();
            let (code, message) = if name == service.name {
                (
                    "dependency-self",
                    format!("`{name}` depends on itself, so it can't start. Remove the dependency."),
                )
            } else if input.service(name).is_none() && dependency.required && !input.is_open() {
                let guess = input.guess_service(name);
                (
                    "dependency-unknown",
                    format!(
                        "`{}` depends on `{name}`, which doesn't exist.{guess} Add the service, or remove the \
                         dependency.",
                        service.name
                    ),
                )
            } else {
                continue;
            };
            let edit = Edit::RemoveDependency { service: service.name.clone(), on: written.to_owned() };
            let finding = input
                .finding(code, Severity::Error, dependency.place, message)
                .with_fix(format!("Remove the dependency on `{name}`"), edit);
            input.add(finding.of_service(&service.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, marked, none, one};

    #[test]
    fn a_missing_service_is_named_with_a_guess() {
        let text = "services:\n  web:\n    image: a:1\n    depends_on:\n      - postgers\n  postgres:\n    image: b:1\n";
        let finding = one(text, "dependency-unknown");
        assert_eq!(marked(text, &finding), "postgers");
        assert!(finding.message.contains("Did you mean `postgres`?"), "{}", finding.message);
        assert!(!fixed(text, "dependency-unknown").contains("postgers"));
    }

    #[test]
    fn nothing_can_wait_for_itself() {
        let text = "services:\n  web:\n    image: a:1\n    depends_on:\n      web:\n        condition: service_started\n";
        assert!(!fixed(text, "dependency-self").contains("depends_on"));
    }

    #[test]
    fn the_default_of_a_variable_counts() {
        let text =
            "services:\n  web:\n    image: a:1\n    depends_on: ['${X:-bd}', db]\n  db:\n    image: b:1\n";
        let code = "dependency-unknown";
        assert_eq!(marked(text, &one(text, code)), "'${X:-bd}'");
        assert!(fixed(text, code).contains("depends_on: [db]"), "{}", fixed(text, code));
        none(&text.replace("bd", "db"), code);
        none(&text.replace(":-bd", ""), code);
        one(&text.replace("bd", "web"), "dependency-self");
    }

    #[test]
    fn optional_dependencies_and_included_files_get_the_benefit_of_the_doubt() {
        let code = "dependency-unknown";
        none(
            "services:\n  web:\n    image: a:1\n    depends_on:\n      db:\n        condition: service_started\n        required: false\n",
            code,
        );
        none("include:\n  - db.yml\nservices:\n  web:\n    image: a:1\n    depends_on: [db]\n", code);
    }
}
