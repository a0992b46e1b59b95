//! Two containers with the same name.

use std::collections::HashMap;

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule, run_together, service_path},
    },
    compose::Service,
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::compose("container-name-duplicate")], look };

fn look(input: &mut CheckInput<'_>) {
    let mut named: HashMap<&str, Vec<&Service>> = HashMap::new();
    for service in &input.model.services {
        let Some(name) = &service.container_name else { continue };
        let namesakes = named.entry(&name.value).or_default();
        let earlier = namesakes.iter().find(|earlier| run_together(earlier, service)).copied();
        let Some(earlier) = earlier else {
            namesakes.push(service);
            continue;
        };
        let message = format!(
            "Duplicate container name `{}`: `{}` already has it. Choose another name, or remove the key and let Compose \
             choose.",
            name.value, earlier.name
        );
        let finding =
            input.finding("container-name-duplicate", Severity::Error, name.place, message).with_fix(
                "Remove `container_name`",
                Edit::RemoveKey { path: service_path(&service.name, "container_name") },
            );
        input.add(finding.of_service(&service.name));
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, none, one};

    const CODE: &str = "container-name-duplicate";

    #[test]
    fn the_second_container_of_a_name_is_told() {
        let text = "services:\n  a:\n    image: a:1\n    container_name: app\n  b:\n    image: b:1\n    container_name: app\n";
        assert_eq!(one(text, CODE).service.as_deref(), Some("b"));
        assert!(fixed(text, CODE).ends_with("  b:\n    image: b:1\n"));
    }

    #[test]
    fn variables_with_different_prefixes_differ() {
        none(
            "services:\n  a:\n    image: a:1\n    container_name: ${N}-a\n  b:\n    image: b:1\n    container_name: ${N}-b\n",
            CODE,
        );
    }
}
