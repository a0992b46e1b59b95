//! Services with all rights on the host.

use super::is_on;
use crate::check::{
    code::Code,
    rule::{CheckInput, Rule, service_path},
};
use crate::{finding::Severity, stack::Edit};

pub const RULE: Rule = Rule { codes: &[Code::advice("privileged").security()], look };

fn look(input: &mut CheckInput<'_>) {
    for (service, body) in input.services() {
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
    fn a_value_that_is_off_or_unknown_is_fine() {
        none(&stack("false"), CODE);
        none(&stack("${PRIVILEGED}"), CODE);
    }
}
