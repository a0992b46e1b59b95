//! Secrets and configs that a service uses without a declaration.

use std::collections::HashSet;

use serde_json::json;

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule, names},
    },
    compose::{Grant, Service},
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule =
    Rule { codes: &[Code::compose("secret-unknown"), Code::compose("config-unknown")], look };

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    if input.is_open() {
        return;
    }
    let (secrets, configs) = (names(&model.secrets), names(&model.configs));
    for service in &model.services {
        look_at(input, service, "secret", &service.secrets, &secrets);
        look_at(input, service, "config", &service.configs, &configs);
    }
}

fn look_at(
    input: &mut CheckInput<'_>,
    service: &Service,
    kind: &str,
    grants: &[Grant],
    declared: &HashSet<&str>,
) {
    for grant in grants {
        let Some(name) = input.judged(&grant.source) else { continue };
        let name = name.as_ref();
        if declared.contains(name) {
            continue;
        }
        let file = if kind == "secret" { format!("./secrets/{name}.txt") } else { format!("./{name}") };
        let guess = input.guess(name, declared.iter().copied());
        let message = format!(
            "`{}` uses the {kind} `{name}`, which isn't declared under `{kind}s`.{guess} Declare where it comes from, for \
             instance the file `{file}`.",
            service.name
        );
        let edit =
            Edit::SetKey { path: vec![format!("{kind}s"), name.to_owned()], value: json!({ "file": file }) };
        let finding = input
            .finding(&format!("{kind}-unknown"), Severity::Error, grant.place, message)
            .with_fix(format!("Declare it with the file `{file}`"), edit);
        input.add(finding.of_service(&service.name));
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, marked, none, one};

    #[test]
    fn the_default_of_a_variable_counts() {
        let text = "services:\n  db:\n    image: a:1\n    secrets: ['${S:-key}']\n    configs: [{source: '${C:-app}'}]\n";
        assert!(one(text, "secret-unknown").message.contains("`key`"));
        assert!(one(text, "config-unknown").message.contains("`app`"));
        none(&format!("{text}secrets: {{key: {{file: ./k}}}}\n"), "secret-unknown");
    }

    #[test]
    fn undeclared_secrets_and_configs_are_named_and_can_be_declared() {
        let text = "services:\n  db:\n    image: a:1\n    secrets:\n      - password\n    configs:\n      - source: app.conf\n        target: /app.conf\n";
        assert_eq!(marked(text, &one(text, "secret-unknown")), "password");
        assert!(fixed(text, "secret-unknown").contains("file: ./secrets/password.txt"));
        assert!(fixed(text, "config-unknown").contains("file: ./app.conf"));
    }
}
