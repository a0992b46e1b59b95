//! Services with all rights on the host.

use super::is_on;
use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule, service_path},
    },
    compose::{Service, yaml::Node},
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::advice("privileged").security()], look };

fn look(input: &mut CheckInput<'_>) {
    for (service, body) in input.services() {
        hooks(input, service, body);
        let Some(entry) = body.entry("privileged").filter(|entry| is_on(&entry.value)) else { continue };
        let message = format!(
            "`{}` has all rights of root on the host. Remove `privileged`, and name the `devices` or the `cap_add` that it needs.",
            service.name
        );
        let finding = input.finding("privileged", Severity::Warning, entry.value.here(), message).with_fix(
            "Remove `privileged`",
            Edit::RemoveKey { path: service_path(&service.name, "privileged") },
        );
        input.add(finding.of_service(&service.name));
    }
}

/// Commands that the engine runs in the container with all rights.
fn hooks(input: &mut CheckInput<'_>, service: &Service, body: &Node) {
    for key in ["post_start", "pre_stop"] {
        for (index, hook) in body.get(key).map(Node::items).unwrap_or_default().iter().enumerate() {
            let Some(value) = hook.get("privileged").filter(|value| is_on(value)) else { continue };
            let message = format!(
                "A `{key}` command of `{}` has all rights of root on the host. Remove `privileged`.",
                service.name
            );
            let mut path = service_path(&service.name, key);
            path.extend([index.to_string(), "privileged".to_owned()]);
            let finding = input
                .finding("privileged", Severity::Warning, value.here(), message)
                .with_fix("Remove `privileged`", Edit::RemoveKey { path });
            input.add(finding.of_service(&service.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, none, one};

    const CODE: &str = "privileged";

    fn stack(value: &str) -> String {
        format!("services:\n  app:\n    image: app:1\n    privileged: {value}\n")
    }

    #[test]
    fn a_privileged_service_is_found_and_can_be_confined() {
        assert_eq!(fixed(&stack("true"), CODE), "services:\n  app:\n    image: app:1\n");
        one(&stack("${PRIVILEGED:-true}"), CODE);
    }

    #[test]
    fn a_privileged_hook_is_found_too() {
        let text = "services:\n  app:\n    image: app:1\n    post_start:\n      - command: [x]\n        privileged: true\n";
        assert_eq!(fixed(text, CODE), text.replace("        privileged: true\n", ""));
    }

    #[test]
    fn a_value_that_is_off_or_unknown_is_fine() {
        none(&stack("false"), CODE);
        none(&stack("${PRIVILEGED}"), CODE);
    }
}
