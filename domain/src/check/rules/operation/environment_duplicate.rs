//! Variables that a list of `environment` sets twice. Compose takes the last entry.

use std::collections::HashMap;

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule, service_path},
    },
    compose::yaml::Node,
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::advice("environment-duplicate")], look };

fn look(input: &mut CheckInput<'_>) {
    for (service, body) in input.services() {
        let items = body.get("environment").map(Node::items).unwrap_or_default();
        let mut last: HashMap<String, (usize, &Node)> = HashMap::new();
        for (index, item) in items.iter().enumerate() {
            let Some(text) = item.text() else { continue };
            let key = text.split_once('=').map_or(text.as_str(), |(key, _)| key).to_owned();
            let Some((earlier, node)) = last.insert(key.clone(), (index, item)) else { continue };
            if input.is_full() {
                return;
            }
            let line = input.line(item.here());
            let message =
                format!("This line has no effect: line {line} sets `{key}` again, and the last one counts.");
            let mut path = service_path(&service.name, "environment");
            path.push(earlier.to_string());
            let finding = input
                .finding("environment-duplicate", Severity::Warning, node.here(), message)
                .with_fix("Remove this line", Edit::RemoveKey { path });
            input.add(finding.of_service(&service.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{all, fixed, marked, none, one};

    const CODE: &str = "environment-duplicate";

    fn stack(lines: &str) -> String {
        format!("services:\n  web:\n    image: a:1\n    environment:\n{lines}")
    }

    #[test]
    fn the_entry_without_effect_is_found_and_removed() {
        let text = stack("      - A=1 # old\n      - B=2\n      - A=3\n");
        assert_eq!(marked(&text, &one(&text, CODE)), "A=1");
        assert_eq!(fixed(&text, CODE), stack("      - B=2\n      - A=3\n"));
    }

    #[test]
    fn of_three_entries_two_have_no_effect() {
        assert_eq!(all(&stack("      - A=1\n      - A\n      - A=3\n"), CODE).len(), 2);
    }

    #[test]
    fn different_names_are_fine() {
        none(&stack("      - A=1\n      - a=1\n      - AB=1\n"), CODE);
    }
}
