//! Services that switch a protection of the engine off.

use super::texts;
use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule, service_path},
    },
    finding::Severity,
    rights::switched_off,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::advice("unconfined").security()], look };

fn look(input: &mut CheckInput<'_>) {
    for (service, body) in input.services() {
        for (index, node, option) in texts(body, "security_opt") {
            if input.is_full() {
                return;
            }
            let Some(protection) = switched_off(&option) else { continue };
            let message = format!(
                "`{option}` switches {protection} off for `{}`. Remove the line, or write a profile that allows what is missing.",
                service.name
            );
            let mut path = service_path(&service.name, "security_opt");
            path.push(index.to_string());
            let finding = input
                .finding("unconfined", Severity::Warning, node.here(), message)
                .with_fix("Remove this option", Edit::RemoveKey { path });
            input.add(finding.of_service(&service.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, none, one};

    const CODE: &str = "unconfined";

    fn stack(options: &str) -> String {
        format!("services:\n  app:\n    image: app:1\n    security_opt:\n{options}")
    }

    #[test]
    fn each_protection_that_is_off_is_named() {
        for option in ["seccomp:unconfined", "apparmor=unconfined", "label:disable", "systempaths=unconfined"]
        {
            one(&stack(&format!("      - {option}\n")), CODE);
        }
    }

    #[test]
    fn the_fix_removes_only_that_line() {
        assert_eq!(
            fixed(&stack("      - no-new-privileges:true\n      - seccomp:unconfined # why\n"), CODE),
            stack("      - no-new-privileges:true\n")
        );
    }

    #[test]
    fn a_profile_of_ones_own_is_fine() {
        none(&stack("      - seccomp:./profile.json\n      - label:type:x\n      - ${OPTION}\n"), CODE);
    }
}
