//! Declarations of volumes, secrets and configs whose keys exclude each other.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::{Resource, yaml::Node},
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule {
    codes: &[
        Code::compose("external-conflict"),
        Code::compose("source-conflict"),
        Code::compose("source-missing"),
    ],
    look,
};

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    for volume in &model.volumes {
        external(input, volume);
    }
    for (kind, resources, sources) in [
        ("secrets", &model.secrets, &["file", "environment"][..]),
        ("configs", &model.configs, &["file", "environment", "content"][..]),
    ] {
        for resource in resources.iter().filter(|resource| !resource.external) {
            source(input, kind, resource, sources);
        }
    }
}

/// A volume that exists elsewhere has its settings there.
fn external(input: &mut CheckInput<'_>, volume: &Resource) {
    let Some(body) = input.model.root.at(&["volumes", volume.name.as_str()]) else { return };
    if !volume.external {
        return;
    }
    for key in ["driver", "driver_opts", "labels"] {
        let Some(entry) = body.entry(key) else { continue };
        let message = format!(
            "`{}` is external, so it is created elsewhere, and `{key}` can't be set here. Remove `{key}` or `external`.",
            volume.name
        );
        let path = ["volumes", volume.name.as_str(), key].map(str::to_owned).to_vec();
        let finding = input
            .finding("external-conflict", Severity::Error, entry.key_place, message)
            .with_fix(format!("Remove `{key}`"), Edit::RemoveKey { path });
        input.add(finding);
    }
    let outer = body.get("name").and_then(Node::text);
    let inner = body.at(&["external", "name"]);
    if let (Some(outer), Some(inner)) = (outer, inner)
        && inner.text().is_some_and(|inner| inner != outer)
    {
        let message = format!("`{}` has two names. Keep `name`, and write `external: true`.", volume.name);
        let path = ["volumes", volume.name.as_str(), "external"].map(str::to_owned).to_vec();
        let finding = input
            .finding("external-conflict", Severity::Error, inner.here(), message)
            .with_fix("Write `external: true`", Edit::SetKey { path, value: true.into() });
        input.add(finding);
    }
}

/// What a secret or config contains comes from one place.
fn source(input: &mut CheckInput<'_>, kind: &str, resource: &Resource, sources: &[&str]) {
    let Some(body) = input.model.root.at(&[kind, resource.name.as_str()]) else { return };
    let given: Vec<_> = sources.iter().filter_map(|key| body.entry(key)).collect();
    if let [first, second, ..] = given.as_slice() {
        let message =
            format!("`{}` has both `{}` and `{}`. Keep one of them.", resource.name, first.key, second.key);
        let path = [kind, resource.name.as_str(), second.key.as_str()].map(str::to_owned).to_vec();
        let finding = input
            .finding("source-conflict", Severity::Error, second.key_place, message)
            .with_fix(format!("Remove `{}`", second.key), Edit::RemoveKey { path });
        input.add(finding);
    }
    // Without `external`, the reader reports it.
    let is_empty =
        given.iter().all(|entry| entry.key == "environment" && entry.value.text().as_deref() == Some(""));
    let is_said = body.entry("external").is_some() || !given.is_empty();
    if is_empty && is_said && kind == "secrets" && body.entry("driver").is_none() {
        let message =
            format!("`{}` has no source. Name a `file` or an `environment` variable.", resource.name);
        let finding = input.finding("source-missing", Severity::Error, resource.key, message);
        input.add(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, none, one};

    #[test]
    fn what_is_external_is_set_up_elsewhere() {
        let text = "services: {}\nvolumes:\n  a:\n    external: true\n    driver: local\n";
        assert!(!fixed(text, "external-conflict").contains("driver"));
        none(&text.replace("true", "false"), "external-conflict");
        let text = "services: {}\nvolumes:\n  a:\n    external: {name: b}\n    name: c\n";
        assert!(fixed(text, "external-conflict").contains("    external: true\n    name: c\n"));
    }

    #[test]
    fn a_secret_comes_from_one_place() {
        let text = "services: {}\nsecrets:\n  a:\n    file: ./a\n    environment: A\n";
        assert!(!fixed(text, "source-conflict").contains("environment"));
        one("services: {}\nconfigs:\n  a: {content: x, file: ./a}\n", "source-conflict");
        one("services: {}\nsecrets:\n  a: {external: false}\n", "source-missing");
        one("services: {}\nsecrets:\n  a: {environment: ''}\n", "source-missing");
        none("services: {}\nconfigs:\n  a: {external: true, content: x}\n", "source-conflict");
    }
}
