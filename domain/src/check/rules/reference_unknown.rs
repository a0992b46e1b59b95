//! Names of services, models and build secrets that do not exist, in keys that have no rule of their own: `volumes_from`,
//! `ipc`, `pid`, `uts`, `models`, `build.additional_contexts` and `build.secrets`.

use super::service_uses::{Use, known, uses};
use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::{Place, Service, yaml::Node},
    finding::{Finding, Severity},
    stack::Edit,
};

pub const RULE: Rule = Rule {
    codes: &[
        Code::compose("service-unknown"),
        Code::compose("model-unknown"),
        Code::compose("secret-unknown"),
        Code::compose("dependency-self"),
    ],
    look,
};

fn look(input: &mut CheckInput<'_>) {
    if input.is_open() {
        return;
    }
    let model = input.model;
    let declared = |kind: &str, name: &str| model.root.at(&[kind, name]).is_some();
    for service in &model.services {
        let Some(body) = model.root.at(&["services", service.name.as_str()]) else { continue };
        for used in uses(body, service).into_iter().chain(contexts(body, service)) {
            if used.name == service.name {
                let message =
                    format!("`{}` refers to itself in {}. Name another service.", service.name, used.key);
                add(input, service, "dependency-self", used, message);
            } else if !used.elsewhere && input.service(&used.name).is_none() {
                let guess = input.guess_service(&used.name);
                let message = format!(
                    "`{}` names the service `{}` in {}, and there is no such service.{guess}",
                    service.name, used.name, used.key
                );
                add(input, service, "service-unknown", used, message);
            }
        }
        for used in names_below(body.get("models"), service, &["models"]) {
            if !declared("models", &used.name) {
                let message = format!(
                    "`{}` uses the model `{}`, which isn't declared under `models`. Declare it with its `model`.",
                    service.name, used.name
                );
                add(input, service, "model-unknown", used, message);
            }
        }
        for used in names_below(body.at(&["build", "secrets"]), service, &["build", "secrets"]) {
            if !declared("secrets", &used.name) {
                let message = format!(
                    "The build of `{}` uses the secret `{}`, which isn't declared under `secrets`. Declare where it \
                     comes from.",
                    service.name, used.name
                );
                add(input, service, "secret-unknown", used, message);
            }
        }
    }
}

fn add(input: &mut CheckInput<'_>, service: &Service, code: &str, used: Use, message: String) {
    let finding: Finding = input
        .finding(code, Severity::Error, used.place, message)
        .with_fix(format!("Remove it from {}", used.key), Edit::RemoveKey { path: used.path });
    input.add(finding.of_service(&service.name));
}

/// The services whose images are contexts of a build: `service:base`.
fn contexts(body: &Node, service: &Service) -> Vec<Use> {
    let Some(node) = body.at(&["build", "additional_contexts"]) else { return Vec::new() };
    let path = |last: &str| {
        let keys = ["build", "additional_contexts", last].map(str::to_owned);
        ["services".to_owned(), service.name.clone()].into_iter().chain(keys).collect()
    };
    let used = |name: &str, place: Place, last: &str| Use {
        name: name.to_owned(),
        place,
        key: "`additional_contexts`".to_owned(),
        path: path(last),
        elsewhere: false,
    };
    let entries = node.entries().iter().filter_map(|entry| {
        let text = known(&entry.value)?;
        Some(used(text.strip_prefix("service:")?, entry.value.here(), &entry.key))
    });
    let items = node.items().iter().enumerate().filter_map(|(index, item)| {
        let text = known(item)?;
        let (_, context) = text.split_once('=')?;
        Some(used(context.strip_prefix("service:")?, item.here(), &index.to_string()))
    });
    entries.chain(items).collect()
}

/// The names in a list, in `source` of its entries, or in the keys of a mapping.
fn names_below(node: Option<&Node>, service: &Service, keys: &[&str]) -> Vec<Use> {
    let Some(node) = node else { return Vec::new() };
    let used = |name: String, place: Place, last: &str| {
        let path = ["services", service.name.as_str()].into_iter().chain(keys.iter().copied()).chain([last]);
        let key = format!("`{}`", keys.join("."));
        Use { name, place, key, path: path.map(str::to_owned).collect(), elsewhere: false }
    };
    let entries = node.entries().iter().map(|entry| used(entry.key.clone(), entry.key_place, &entry.key));
    let items = node.items().iter().enumerate().filter_map(|(index, item)| {
        let name = known(item.get("source").unwrap_or(item))?;
        Some(used(name, item.here(), &index.to_string()))
    });
    entries.chain(items).collect()
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, marked, none, one};

    fn service(lines: &str) -> String {
        format!("services:\n  web:\n    image: a:1\n    {lines}\n  db:\n    image: b:1\n")
    }

    #[test]
    fn a_service_that_does_not_exist_is_named_in_every_key() {
        for (lines, place) in [
            ("ipc: service:bd", "service:bd"),
            ("pid: 'service:${X:-bd}'", "'service:${X:-bd}'"),
            ("uts: service:bd", "service:bd"),
            ("volumes_from: [bd:ro]", "bd:ro"),
            ("build: {context: ., additional_contexts: {base: service:bd}}", "service:bd"),
            ("build: {context: ., additional_contexts: [base=service:bd]}", "base=service:bd"),
        ] {
            let text = service(lines);
            assert_eq!(marked(&text, &one(&text, "service-unknown")), place, "{lines}");
            none(&text.replace("bd", "db"), "service-unknown");
            assert!(!fixed(&text, "service-unknown").contains("bd"), "{lines}");
        }
        none(&service("volumes_from: ['container:bd', '${X}']"), "service-unknown");
        none(&service("ipc: container:bd"), "service-unknown");
    }

    #[test]
    fn a_service_does_not_refer_to_itself() {
        for lines in
            ["ipc: service:web", "network_mode: service:web", "links: [web]", "volumes_from: [web:ro]"]
        {
            one(&service(lines), "dependency-self");
        }
    }

    #[test]
    fn models_and_build_secrets_are_declared() {
        for (lines, code) in [
            ("models: [m]", "model-unknown"),
            ("models: {m: }", "model-unknown"),
            ("build: {context: ., secrets: [m]}", "secret-unknown"),
            ("build: {context: ., secrets: [{source: m}]}", "secret-unknown"),
        ] {
            let text = service(lines);
            one(&text, code);
            none(&format!("{text}models: {{m: {{model: x}}}}\nsecrets: {{m: {{file: ./m}}}}\n"), code);
        }
    }
}
