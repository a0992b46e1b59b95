//! Keys that Compose still reads, and warns about: the name of an external resource below `external`.

use serde_json::json;

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::yaml::Node,
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::advice("key-deprecated")], look };

fn look(input: &mut CheckInput<'_>) {
    for kind in ["networks", "volumes", "secrets", "configs"] {
        for entry in input.model.root.get(kind).map(Node::entries).unwrap_or_default() {
            if input.is_full() {
                return;
            }
            let Some(external) = entry.value.get("external") else { continue };
            let Some(named) = external.entry("name") else { continue };
            let Some(name) = named.value.text() else { continue };
            let message = format!(
                "`name` below `external` is deprecated. Write `external: true` and `name: {name}` side by side."
            );
            let mut finding = input.finding("key-deprecated", Severity::Hint, named.key_place, message);
            if entry.value.entries().len() == 1 && external.entries().len() == 1 {
                let path = vec![kind.to_owned(), entry.key.clone()];
                let edit = Edit::SetKey { path, value: json!({ "external": true, "name": name }) };
                finding = finding.with_fix("Write `external: true` with `name`", edit);
            }
            input.add(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, none, one};

    const CODE: &str = "key-deprecated";

    fn stack(body: &str) -> String {
        format!("services:\n  web:\n    image: a:1\nnetworks:\n  proxy:\n{body}")
    }

    #[test]
    fn the_name_moves_up() {
        assert_eq!(
            fixed(&stack("    external:\n      name: traefik_public\n"), CODE),
            stack("    external: true\n    name: traefik_public\n")
        );
        let text = stack("    labels: {a: b}\n    external:\n      name: traefik_public\n");
        assert!(one(&text, CODE).fix.is_none());
    }

    #[test]
    fn the_modern_form_is_fine() {
        none(&stack("    external: true\n    name: traefik_public\n"), CODE);
        none(&stack("    external: true\n"), CODE);
    }
}
